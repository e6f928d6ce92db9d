package dev.patchbay.hub.agent.http;

import dev.patchbay.hub.agent.wire.NoAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer: at most 10 MB, strictly decoded, whole or line by line. For one thread.
 *
 * <p>A line ends with LF, CR or CR LF and is handed out as soon as its end is there.
 */
final class AnswerBody {
    static final int BYTES_MAX = 10 * 1024 * 1024;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final InputStream in;
    private final Charset charset;
    private final byte[] buffer = new byte[8_192];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private int position;
    private int limit;
    private int bytes;
    private boolean first = true;
    private boolean afterReturn;

    AnswerBody(InputStream in, Charset charset) {
        this.in = in;
        this.charset = charset;
    }

    /** All that is left. */
    String whole() throws IOException, NoAnswer {
        line.reset();
        while (fill()) {
            line.write(buffer, position, limit - position);
            position = limit;
        }
        return decoded();
    }

    /** The next line without its end; null at the end of the body. The last one may have no end. */
    @Nullable
    String line() throws IOException, NoAnswer {
        line.reset();
        while (fill()) {
            int from = position;
            while (position < limit) {
                byte each = buffer[position++];
                if (each == '\n' && afterReturn) {
                    afterReturn = false;
                    from = position;
                } else if (each == '\n' || each == '\r') {
                    afterReturn = each == '\r';
                    line.write(buffer, from, position - 1 - from);
                    return decoded();
                } else {
                    afterReturn = false;
                }
            }
            line.write(buffer, from, limit - from);
        }
        String last = decoded();
        return last.isEmpty() ? null : last;
    }

    private boolean fill() throws IOException, NoAnswer {
        if (position < limit) {
            return true;
        }
        int count = in.read(buffer);
        if (count < 0) {
            return false;
        }
        position = 0;
        limit = count;
        bytes += count;
        if (bytes > BYTES_MAX) {
            throw NoAnswer.forGood("answered more than 10 MB");
        }
        return true;
    }

    private String decoded() throws NoAnswer {
        String text;
        try {
            text = charset.newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
        } catch (CharacterCodingException garbage) {
            throw NoAnswer.forNow("answered bytes that are no " + charset.name());
        }
        boolean marked = first && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
        first = false;
        return marked ? text.substring(1) : text;
    }
}
