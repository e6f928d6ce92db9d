package dev.patchbay.hub.agent.http;

import dev.patchbay.api.Reply;
import dev.patchbay.api.ReplySink;
import java.util.List;

/** An answer that comes in pieces: passes them on and keeps them. For one thread. */
final class StreamedReply {
    private final ReplySink sink;
    private final StringBuilder text = new StringBuilder();
    private boolean started;

    StreamedReply(ReplySink sink) {
        this.sink = sink;
    }

    void delta(String piece) {
        if (!piece.isEmpty()) {
            started = true;
            text.append(piece);
            sink.delta(piece);
        }
    }

    boolean isStarted() {
        return started;
    }

    Reply end(HttpAnswers.Usage usage) {
        List<Reply.Message> messages = started ? List.of(new Reply.Message(text.toString(), List.of())) : List.of();
        return new Reply(messages, usage.inputTokens(), usage.outputTokens());
    }
}
