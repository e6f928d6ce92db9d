package dev.patchbay.hub.session;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A message that is on disk and whose turn will come. For one thread. */
public final class PendingTurn {
    private final String messageId;
    private final String sessionKey;
    private final boolean duplicate;
    private final @Nullable Waiter waiter;
    private final @Nullable TurnOutcome known;

    PendingTurn(
            String messageId,
            String sessionKey,
            boolean duplicate,
            @Nullable Waiter waiter,
            @Nullable TurnOutcome known) {
        this.messageId = messageId;
        this.sessionKey = sessionKey;
        this.duplicate = duplicate;
        this.waiter = waiter;
        this.known = known;
    }

    public String messageId() {
        return messageId;
    }

    public String sessionKey() {
        return sessionKey;
    }

    /** True if the message was stored earlier: no second turn will run. */
    public boolean isDuplicate() {
        return duplicate;
    }

    /** The end of a turn that had ended before anybody came to wait. */
    Optional<TurnOutcome> known() {
        return Optional.ofNullable(known);
    }

    /** Waits for the end of the turn; empty if it did not come in time, or nobody was to wait. */
    public Optional<TurnOutcome> await(Duration wait) throws InterruptedException {
        if (known != null || waiter == null) {
            return Optional.ofNullable(known);
        }
        return Optional.ofNullable(waiter.await(wait));
    }
}
