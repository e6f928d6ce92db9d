package dev.patchbay.hub.agent.wire;

import dev.patchbay.api.Reply;
import dev.patchbay.api.ReplySink;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer that comes in pieces: passes them on and keeps them. For one thread. */
public final class StreamedReply {
    private final ReplySink sink;
    private final StringBuilder text = new StringBuilder();
    private boolean started;

    public StreamedReply(ReplySink sink) {
        this.sink = sink;
    }

    /** Shows a piece; an empty one is nothing. */
    public void delta(String piece) {
        if (!piece.isEmpty()) {
            started = true;
            text.append(piece);
            sink.delta(piece);
        }
    }

    /** Says how far the work has come. */
    public void progress(int percent, @Nullable String note) {
        sink.progress(percent, note);
    }

    /** Whether anything was shown. */
    public boolean isStarted() {
        return started;
    }

    /** The pieces as a whole; none are silence. */
    public Reply end(AnswerJson.Usage usage) {
        List<Reply.Message> messages = started ? List.of(new Reply.Message(text.toString(), List.of())) : List.of();
        return new Reply(messages, usage.inputTokens(), usage.outputTokens());
    }
}
