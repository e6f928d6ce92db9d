package dev.patchbay.plugin.webhook;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.HttpHost;

/**
 * Where callbacks go, taken apart once. We do it ourselves because {@link URI} sees no host in {@code http://0x7f.1/}, while
 * others would connect there.
 *
 * @param path with its query, for the request line
 */
record CallbackUrl(HttpHost host, String path) {
    static final CallbackUrl NOWHERE = new CallbackUrl(new HttpHost("invalid"), "/");

    private static final Pattern AUTHORITY = Pattern.compile(
            "(?:\\[(?<six>[0-9A-Fa-f:.]+)(?:%25[\\w.-]+)?]|(?<name>[^\\[\\]:@%\\s]+))(?::(?<port>\\d{0,5}))?");

    /** @throws IllegalArgumentException if it is no address of a web server; the message does not quote it */
    static CallbackUrl of(String text) {
        URI uri = parse(text);
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        String authority = uri.getRawAuthority();
        if ((!scheme.equals("http") && !scheme.equals("https")) || authority == null) {
            throw new IllegalArgumentException("this is no http or https address");
        }
        if (authority.contains("@")) {
            throw new IllegalArgumentException("an address with a user name is not used; sign callbacks with a secret");
        }
        Matcher parts = AUTHORITY.matcher(authority);
        if (!parts.matches()) {
            throw new IllegalArgumentException("there is no usable host in this address");
        }
        String six = parts.group("six");
        String host = six == null ? IDN.toASCII(parts.group("name")).toLowerCase(Locale.ROOT) : six;
        String port = parts.group("port");
        int number = port == null || port.isEmpty() ? -1 : Integer.parseInt(port);
        if (host.isEmpty() || number == 0 || number > 65_535) {
            throw new IllegalArgumentException("there is no usable host and port in this address");
        }
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new CallbackUrl(
                new HttpHost(scheme, host, number), parse(path + query).toASCIIString());
    }

    private static URI parse(String text) {
        try {
            return new URI(text.strip());
        } catch (URISyntaxException malformed) {
            throw new IllegalArgumentException("this is no address of a web server", malformed);
        }
    }
}
