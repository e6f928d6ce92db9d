package dev.patchbay.hub.delivery;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One send, as limits count it. Guarded by the {@link LaneBook}. */
final class Unit {
    /** A send of which nothing is heard for so long counts as arrived: a peer that hangs must not hold up the account. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Instant counts;
    private @Nullable Instant begun;
    private boolean over;

    Unit(Instant taken) {
        counts = taken.plus(PATIENCE);
    }

    void begin(Instant now) {
        begun = now;
        counts = now.plus(PATIENCE);
    }

    /** It is over. Had it taken no time on its way, it would have begun at {@code latest} at the latest. */
    void end(Instant latest) {
        over = true;
        counts = latest;
    }

    /** When it left; null if it has not. */
    @Nullable
    Instant begun() {
        return begun;
    }

    boolean isOver() {
        return over;
    }

    /**
     * From when it counts: no platform has seen it later than something that begins at this moment. A clock that was set back does
     * not move it into the future.
     */
    Instant counts(Instant now) {
        return over && counts.isAfter(now) ? now : counts;
    }
}
