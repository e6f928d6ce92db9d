package dev.patchbay.plugin.llm;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model has not answered. The message holds no secret of ours; a server may repeat one, which the hub masks. */
final class ModelTrouble extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final @Nullable Duration retryAfter;

    /** What it can be helped by. */
    enum Kind {
        /** Another key. */
        KEY,
        /** Another key, or the wait that the server names. */
        LIMITED,
        /** A moment, or the wait that the server names. */
        PASSING,
        /** Nothing. */
        FINAL
    }

    ModelTrouble(Kind kind, String message) {
        this(kind, message, null);
    }

    private ModelTrouble(Kind kind, String message, @Nullable Duration retryAfter) {
        super(message);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /**
     * What an answer's status means.
     *
     * @param retryAfter what the server says about when to come again
     */
    static ModelTrouble status(int status, String said, Optional<Duration> retryAfter) {
        Kind kind =
                switch (status) {
                    case 401, 403 -> Kind.KEY;
                    case 429 -> Kind.LIMITED;
                    default -> status >= 500 ? Kind.PASSING : Kind.FINAL;
                };
        boolean obeys = status == 429 || status == 503;
        return new ModelTrouble(
                kind,
                "the model's server says " + status + (said.isEmpty() ? "" : ": " + said),
                obeys ? retryAfter.orElse(null) : null);
    }

    Kind kind() {
        return kind;
    }

    boolean isAboutKey() {
        return kind == Kind.KEY || kind == Kind.LIMITED;
    }

    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
