package dev.patchbay.hub.attachment;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.HttpHost;

/**
 * Where a file is on the web, taken apart once. We do it ourselves because {@link URI} sees no host in {@code http://0x7f.1/},
 * while others would connect there.
 *
 * @param path with its query, for the request line
 */
record WebAddress(URI uri, HttpHost host, String path) {
    private static final Pattern AUTHORITY = Pattern.compile(
            "(?:\\[(?<six>[0-9A-Fa-f:.]+)(?:%25[\\w.-]+)?]|(?<name>[^\\[\\]:@%\\s]+))(?::(?<port>\\d{0,5}))?");

    /** @throws IllegalArgumentException if it is no address of a web server; the message does not quote it */
    static WebAddress of(String text) {
        return of(parse(text));
    }

    /** Where a redirect leads. */
    WebAddress follow(String location) {
        // Java resolves a bare query against the folder, browsers and RFC 3986 against the file.
        String target = location.strip();
        return of(uri.resolve(parse(target.startsWith("?") ? uri.getRawPath() + target : target)));
    }

    /** The last part of the path, as it stands. */
    String lastSegment() {
        String whole = uri.getPath() == null ? "" : uri.getPath();
        return whole.substring(whole.lastIndexOf('/') + 1);
    }

    private static WebAddress of(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        String authority = uri.getRawAuthority();
        if ((!scheme.equals("http") && !scheme.equals("https")) || authority == null) {
            throw new IllegalArgumentException("this is no http or https address");
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
        return new WebAddress(
                uri,
                new HttpHost(scheme, host, number),
                parse("http:" + path + query).toASCIIString().substring("http:".length()));
    }

    private static URI parse(String text) {
        try {
            return new URI(text.strip());
        } catch (URISyntaxException malformed) {
            throw new IllegalArgumentException("this is no address of a web server", malformed);
        }
    }
}
