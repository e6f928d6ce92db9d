package dev.patchbay.hub.agent.http;

import dev.patchbay.hub.agent.wire.NoAnswer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events as the HTML standard has them, as far as data goes: names, ids, retry times and comments are passed
 * over, and an event that no blank line ends never was. For one thread.
 */
final class EventStream {
    private final AnswerBody body;

    EventStream(AnswerBody body) {
        this.body = body;
    }

    /** The data of the next event that has any; null at the end. */
    @Nullable
    String next() throws IOException, NoAnswer {
        StringBuilder data = null;
        for (String line = body.line(); line != null; line = body.line()) {
            if (line.isEmpty()) {
                if (data != null && !data.isEmpty()) {
                    return data.toString();
                }
                data = null;
            } else if (line.equals("data") || line.startsWith("data:")) {
                if (data == null) {
                    data = new StringBuilder();
                } else {
                    data.append('\n');
                }
                int from = line.startsWith("data: ") ? 6 : 5;
                data.append(line, Math.min(from, line.length()), line.length());
            }
        }
        return null;
    }
}
