package dev.patchbay.hub.command.chat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lines of UTF-8 text, none longer than memory can bear. One thread. */
final class BoundedLines {
    private final InputStream in;
    private final int bytesMax;

    /** A line, or what was too long to be one. */
    record Line(String text, boolean isTooLong) {}

    BoundedLines(InputStream in, int bytesMax) {
        this.in = new BufferedInputStream(in);
        this.bytesMax = bytesMax;
    }

    /** The next line without its break; empty at the end. What is too long is skipped, and said. */
    Optional<Line> next() throws IOException {
        var bytes = new ByteArrayOutputStream(128);
        boolean isTooLong = false;
        while (true) {
            int b = in.read();
            if (b < 0 && bytes.size() == 0 && !isTooLong) {
                return Optional.empty();
            }
            if (b < 0 || b == '\n') {
                String text = isTooLong ? "" : bytes.toString(StandardCharsets.UTF_8);
                return Optional.of(
                        new Line(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text, isTooLong));
            }
            if (bytes.size() == bytesMax) {
                isTooLong = true;
                bytes.reset();
            }
            if (!isTooLong) {
                bytes.write(b);
            }
        }
    }
}
