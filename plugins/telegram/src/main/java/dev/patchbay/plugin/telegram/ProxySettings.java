package dev.patchbay.plugin.telegram;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import okhttp3.Authenticator;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** The way out, if it is not the straight one. {@code http://[USER:PASSWORD@]HOST:PORT} or {@code socks5://HOST:PORT}. */
final class ProxySettings {
    static final ProxySettings NONE = new ProxySettings(Proxy.NO_PROXY, null);

    private final Proxy proxy;
    private final @Nullable String credentials;

    private ProxySettings(Proxy proxy, @Nullable String credentials) {
        this.proxy = proxy;
        this.credentials = credentials;
    }

    /**
     * Reads the setting.
     *
     * @throws IllegalArgumentException if it is none; the message shows nothing of it, since it may hold a password
     */
    static ProxySettings of(String setting) {
        URI uri;
        try {
            uri = new URI(setting.strip());
        } catch (URISyntaxException malformed) {
            throw new IllegalArgumentException("is no address");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || uri.getPort() < 1) {
            throw new IllegalArgumentException("needs a host and a port");
        }
        String user = uri.getUserInfo();
        // Unresolved: a name that the proxy alone knows is fine, and nothing is asked when it is only checked.
        var address = InetSocketAddress.createUnresolved(uri.getHost(), uri.getPort());
        return switch (scheme) {
            case "http" -> {
                if (user != null && !user.contains(":")) {
                    throw new IllegalArgumentException("has a user without a password");
                }
                yield new ProxySettings(
                        new Proxy(Proxy.Type.HTTP, address),
                        user == null
                                ? null
                                : Credentials.basic(
                                        user.substring(0, user.indexOf(':')), user.substring(user.indexOf(':') + 1)));
            }
            case "socks", "socks5" -> {
                if (user != null) {
                    throw new IllegalArgumentException("names a user, which a SOCKS proxy is not told here");
                }
                yield new ProxySettings(new Proxy(Proxy.Type.SOCKS, address), null);
            }
            default -> throw new IllegalArgumentException("is neither http:// nor socks5://");
        };
    }

    OkHttpClient.Builder applyTo(OkHttpClient.Builder client) {
        client.proxy(proxy);
        String basic = credentials;
        if (basic != null) {
            client.proxyAuthenticator((_, response) -> response.request().header("Proxy-Authorization") != null
                    ? null
                    : response.request()
                            .newBuilder()
                            .header("Proxy-Authorization", basic)
                            .build());
        } else {
            client.proxyAuthenticator(Authenticator.NONE);
        }
        return client;
    }

    @Override
    public String toString() {
        return "ProxySettings[" + proxy.type() + "]";
    }
}
