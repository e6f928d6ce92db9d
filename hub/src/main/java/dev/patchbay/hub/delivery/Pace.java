package dev.patchbay.hub.delivery;

import dev.patchbay.api.Pacing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How fast one account, or one peer, may be sent to: its limits, and what the platform has taught us. Guarded by the {@link LaneBook}.
 */
final class Pace {
    private static final double SLOWER = 1.25;
    private static final double SLOWEST = 4;

    /** What is left of the slowing down after a minute without being told again. */
    private static final double KEPT_PER_MINUTE = 0.97;

    /** Slower by less is not slower. */
    private static final double PLAIN = 1.005;

    private List<Pacing.Limit> limits = List.of();
    private List<Limiter> limiters = List.of();
    private Instant pausedUntil = Instant.EPOCH;
    private double factor = 1;
    private Instant slowedAt = Instant.EPOCH;

    /** Whether the store remembers something about it. */
    private boolean isNoted;

    /** Takes other limits; what was sent before does not count against them. The same ones change nothing. */
    void limit(List<Pacing.Limit> now) {
        if (!limits.equals(now)) {
            limits = now;
            limiters = now.stream().map(Limiter::of).toList();
        }
    }

    /** The earliest moment at which one more may begin; {@code now}, if it may. */
    Instant freeAt(Instant now, double spared) {
        Instant free = isPaused(now) ? pausedUntil : now;
        if (!limiters.isEmpty()) {
            double slower = factor(now);
            for (Limiter each : limiters) {
                Instant its = each.freeAt(now, slower, spared);
                free = its.isAfter(free) ? its : free;
            }
        }
        return free;
    }

    boolean isFree(Instant now, double spared) {
        return !freeAt(now, spared).isAfter(now);
    }

    /** Whether the platform has asked us to send nothing now. */
    boolean isPaused(Instant now) {
        return pausedUntil.isAfter(now);
    }

    /** When it may be sent to again; of the past if it may. */
    Instant pausedUntil() {
        return pausedUntil;
    }

    void take(Unit unit) {
        limiters.forEach(each -> each.take(unit));
    }

    void untake(Unit unit) {
        limiters.forEach(each -> each.untake(unit));
    }

    void ended(Unit unit, Instant now) {
        limiters.forEach(each -> each.ended(unit, now, factor(now)));
    }

    /** Something was sent before a restart, and has arrived by {@code at}. */
    void recall(Instant at, Instant now) {
        limiters.forEach(each -> each.recall(at, now, factor(now)));
    }

    /**
     * The platform wants nothing until then.
     *
     * @param began when the send began that it said so to: of several that were under way together only one makes us slower
     */
    void slow(Instant began, Instant now, Instant until) {
        if (!began.isBefore(slowedAt)) {
            factor = Math.min(SLOWEST, factor(now) * SLOWER);
            slowedAt = now;
        }
        pausedUntil = until.isAfter(pausedUntil) ? until : pausedUntil;
        isNoted = true;
    }

    /** What is to be remembered of it; empty if nothing. */
    Optional<PaceNote> note(Instant now) {
        return isPlain(now) ? Optional.empty() : Optional.of(new PaceNote(pausedUntil, factor, slowedAt));
    }

    /** What the store remembers from before a restart. */
    void recall(PaceNote note) {
        pausedUntil = note.until();
        factor = Math.clamp(note.factor(), 1, SLOWEST);
        slowedAt = note.at();
        isNoted = true;
    }

    /** How many times slower than the limits allow; it wears off by itself. */
    double factor(Instant now) {
        if (factor == 1) {
            return 1;
        }
        double minutes = Math.max(0, Duration.between(slowedAt, now).toMillis()) / 60_000.0;
        double left = factor * Math.pow(KEPT_PER_MINUTE, minutes);
        return left < PLAIN ? 1 : left;
    }

    /** Whether it is as if nothing had ever been sent. */
    boolean isFresh(Instant now) {
        return isPlain(now) && limiters.stream().allMatch(each -> each.isFresh(now, 1));
    }

    /** Whether there is something to forget in the store; true once. */
    boolean forgets(Instant now) {
        boolean forgets = isNoted && isPlain(now);
        isNoted = isNoted && !forgets;
        return forgets;
    }

    private boolean isPlain(Instant now) {
        return !isPaused(now) && factor(now) == 1;
    }
}
