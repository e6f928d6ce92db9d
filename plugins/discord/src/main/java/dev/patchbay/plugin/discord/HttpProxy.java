package dev.patchbay.plugin.discord;

import com.neovisionaries.ws.client.WebSocketFactory;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The proxy through which an account reaches Discord.
 *
 * @param user null if it asks nobody who they are
 */
record HttpProxy(String host, int port, @Nullable String user, String password) {

    /**
     * Reads {@code http://[user:password@]host:port}.
     *
     * @throws IllegalArgumentException if it is something else; the message holds nothing of it
     */
    static HttpProxy read(String address) {
        URI uri;
        try {
            uri = URI.create(address);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("is no address", malformed);
        }
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 1) {
            throw new IllegalArgumentException("is no http://HOST:PORT");
        }
        String[] who =
                uri.getUserInfo() == null ? new String[0] : uri.getUserInfo().split(":", 2);
        return new HttpProxy(
                uri.getHost(), uri.getPort(), who.length > 0 ? who[0] : null, who.length > 1 ? who[1] : "");
    }

    void applyTo(OkHttpClient.Builder builder) {
        builder.proxy(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port)));
        if (user != null) {
            builder.proxyAuthenticator((route, response) -> response.request().header("Proxy-Authorization") != null
                    ? null
                    : response.request()
                            .newBuilder()
                            .header("Proxy-Authorization", Credentials.basic(user, password))
                            .build());
        }
    }

    void applyTo(WebSocketFactory factory) {
        factory.getProxySettings().setHost(host).setPort(port);
        if (user != null) {
            factory.getProxySettings().setId(user).setPassword(password);
        }
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
