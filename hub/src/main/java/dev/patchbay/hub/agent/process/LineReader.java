package dev.patchbay.hub.agent.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Lines of a bounded length from a program, no faster than the hub can bear. For one thread. */
final class LineReader {
    private static final int SMALL = 64 * 1024;

    private final InputStream in;
    private final int bytesMax;
    private final Throttle throttle;
    private final byte[] buffer = new byte[16 * 1024];
    private ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private int position;
    private int limit;
    private boolean isSkipping;

    /** One line without its end. */
    static final class Line {
        private final byte[] bytes;
        private final boolean isCut;

        private Line(byte[] bytes, boolean isCut) {
            this.bytes = bytes;
            this.isCut = isCut;
        }

        /** Not copied: for who got the line. */
        byte[] bytes() {
            return bytes;
        }

        /** Whether it was longer than allowed; its rest will be skipped. */
        boolean isCut() {
            return isCut;
        }
    }

    /**
     * Makes a reader.
     *
     * @param bytesMax in one line
     * @param bytesCounted for a line that is shorter: what it costs whoever gets it
     */
    LineReader(InputStream in, int bytesMax, int bytesCounted) {
        this.in = in;
        this.throttle = new Throttle(bytesCounted);
        this.bytesMax = bytesMax;
    }

    /** Blocks; null at the end. What no line end follows is no line: its writer died in the middle. */
    @Nullable
    Line next() throws IOException {
        while (fill()) {
            int from = position;
            while (position < limit && buffer[position] != '\n') {
                position++;
            }
            boolean isWhole = position < limit;
            if (!isSkipping) {
                line.write(buffer, from, Math.min(position - from, bytesMax + 1 - line.size()));
            }
            if (isWhole) {
                position++;
            }
            boolean isCut = line.size() > bytesMax;
            if (isSkipping) {
                isSkipping = !isWhole;
            } else if (isWhole || isCut) {
                isSkipping = !isWhole;
                return taken(isCut);
            }
        }
        return null;
    }

    private Line taken(boolean isCut) {
        byte[] bytes = line.toByteArray();
        if (bytes.length > SMALL) {
            line = new ByteArrayOutputStream(256);
        } else {
            line.reset();
        }
        throttle.line(bytes.length);
        return new Line(bytes, isCut);
    }

    private boolean fill() throws IOException {
        if (position < limit) {
            return true;
        }
        int count = in.read(buffer);
        if (count < 0) {
            return false;
        }
        throttle.took(count);
        position = 0;
        limit = count;
        return true;
    }
}
