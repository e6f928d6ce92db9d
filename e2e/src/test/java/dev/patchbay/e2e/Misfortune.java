package dev.patchbay.e2e;

import dev.patchbay.fakes.http.Fault;
import java.time.Duration;
import java.util.Random;

/** What goes wrong on a far side, drawn from a seed: about one call in eight. Safe for use by many threads. */
final class Misfortune {
    static final Duration SLOW = Duration.ofMillis(300);

    private final Random random;

    enum Kind {
        NONE,
        /** Refused with a 5xx. */
        ERROR,
        /** Hangs up before it has taken anything. */
        REFUSED,
        /** Takes it, and hangs up instead of saying so. */
        UNANSWERED,
        /** Takes it, and says so late. */
        SLOW,
        /** 429 with a wait of a second. */
        LIMITED
    }

    Misfortune(long seed) {
        random = new Random(seed);
    }

    synchronized Kind draw() {
        int number = random.nextInt(400);
        if (number < 12) {
            return Kind.ERROR;
        } else if (number < 20) {
            return Kind.REFUSED;
        } else if (number < 30) {
            return Kind.UNANSWERED;
        } else if (number < 48) {
            return Kind.SLOW;
        }
        return number < 50 ? Kind.LIMITED : Kind.NONE;
    }

    /** As the fakes of platforms play it. */
    static Fault fault(Kind kind, Fault limited) {
        return switch (kind) {
            case NONE -> Fault.none();
            case ERROR -> Fault.status(500);
            case REFUSED -> Fault.resetBefore();
            case UNANSWERED -> Fault.resetAfter();
            case SLOW -> Fault.late(SLOW);
            case LIMITED -> limited;
        };
    }
}
