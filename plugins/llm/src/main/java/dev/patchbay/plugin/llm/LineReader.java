package dev.patchbay.plugin.llm;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads lines of UTF-8 that are never longer than a bound. For one thread. */
final class LineReader {
    private final InputStream in;
    private final int lineBytesMax;

    /** A line is longer than anything that would be understood. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        TooLong(int bytesMax) {
            super("a line of more than " + bytesMax + " bytes");
        }
    }

    LineReader(InputStream in, int lineBytesMax) {
        this.in = new BufferedInputStream(in);
        this.lineBytesMax = lineBytesMax;
    }

    /** The next line without its end; what stands behind the last one counts as a line; null at the end. */
    @Nullable
    String next() throws IOException {
        var line = new ByteArrayOutputStream();
        int each = in.read();
        if (each < 0) {
            return null;
        }
        for (; each >= 0 && each != '\n'; each = in.read()) {
            if (line.size() == lineBytesMax) {
                throw new TooLong(lineBytesMax);
            }
            line.write(each);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
