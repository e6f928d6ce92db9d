package dev.patchbay.hub.delivery;

import dev.patchbay.hub.store.DeliveryRef;
import java.time.Duration;
import java.time.Instant;

/**
 * Reads the moments that the last run has written down, should the clock be another one now. A pause is as long as it still was, and a
 * message has the time to live that it was given: a clock that was days ahead must not make deliveries wait for days.
 */
final class Retiming {
    /** The clock is the same, or there was no last run. */
    static final Retiming NONE = new Retiming(Instant.EPOCH, Instant.MAX);

    /** No hub was there before; who says so had no clock. */
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    private final Instant now;
    private final Duration wentBack;

    /**
     * Compares the two.
     *
     * @param latest how far time had come in the last run
     */
    Retiming(Instant latest, Instant now) {
        this.now = now;
        this.wentBack = latest.isAfter(now) ? Duration.between(now, latest) : Duration.ZERO;
    }

    DeliveryRef of(DeliveryRef ref) {
        boolean fromTheFuture = ref.createdAt().isAfter(now);
        boolean fromBefore = ref.createdAt().isBefore(FIRST) && !now.isBefore(FIRST);
        if (!fromTheFuture && !fromBefore && wentBack.isZero()) {
            return ref;
        }
        boolean moved = fromTheFuture || fromBefore;
        return new DeliveryRef(
                ref.seq(),
                ref.deliveryId(),
                ref.lane(),
                ref.state(),
                ref.attempts(),
                ref.parts(),
                ref.partsDone(),
                fromBefore ? now : sooner(ref.nextAttemptAt()),
                moved ? now : ref.createdAt(),
                moved ? now.plus(Duration.between(ref.createdAt(), ref.expiresAt())) : ref.expiresAt(),
                ref.possiblyRepeated(),
                ref.isReply(),
                ref.bodyBytes());
    }

    PaceNote of(PaceNote note) {
        return new PaceNote(sooner(note.until()), note.factor(), note.at().isAfter(now) ? now : note.at());
    }

    private Instant sooner(Instant moment) {
        if (!moment.isAfter(now) || wentBack.isZero()) {
            return moment;
        }
        Instant meant = moment.minus(wentBack);
        return meant.isAfter(now) ? meant : now;
    }
}
