package dev.patchbay.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** Reads the answers of a hub, which carry a Content-Length. */
final class Http11 {
    private Http11() {}

    static void expect(InputStream in, int status) throws IOException {
        var head = new StringBuilder(256);
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed: " + head);
            }
            head.append((char) next);
        }
        String lower = head.toString().toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length:");
        byte[] body = at < 0
                ? new byte[0]
                : in.readNBytes(Integer.parseInt(
                        lower.substring(at + 15, lower.indexOf('\r', at)).strip()));
        if (!lower.startsWith("http/1.1 " + status)) {
            throw new IOException(
                    "not " + status + ": " + head + new String(body, java.nio.charset.StandardCharsets.UTF_8));
        }
    }
}
