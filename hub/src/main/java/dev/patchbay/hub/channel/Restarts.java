package dev.patchbay.hub.channel;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;

/**
 * When an account that does not work may be opened again: after 1 s, doubling to 60 s, each a little longer by chance so that
 * many do not come back in step; and at most ten times in any hour. For one thread.
 */
final class Restarts {
    static final int PER_HOUR = 10;
    static final String PARKED = "; " + PER_HOUR + " tries within an hour did not help, the next one is at ";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final double JITTER = 0.2;

    private final RandomGenerator random;
    private final ArrayDeque<Instant> within = new ArrayDeque<>();
    private int inARow;

    /**
     * The next try.
     *
     * @param parked true if the hour's tries are used up
     */
    record Next(Instant at, boolean parked) {}

    Restarts(RandomGenerator random) {
        this.random = random;
    }

    /** Plans one more try. */
    Next after(Instant now) {
        while (!within.isEmpty() && !within.getFirst().plus(HOUR).isAfter(now)) {
            within.removeFirst();
        }
        Duration pause = FIRST.multipliedBy(1L << Math.min(inARow, 6));
        pause = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
        Instant at = now.plus(pause).plusMillis((long) (pause.toMillis() * JITTER * random.nextDouble()));
        boolean parked = within.size() >= PER_HOUR;
        if (parked) {
            Instant free = within.removeFirst().plus(HOUR);
            at = free.isAfter(at) ? free : at;
        }
        within.addLast(at);
        inARow++;
        return new Next(at, parked);
    }

    /** It worked for a while: the next failure is a first one again. The hour's tries stay counted. */
    void worked(Duration forSoLong) {
        if (forSoLong.compareTo(LONGEST) >= 0) {
            inARow = 0;
        }
    }

    /** Somebody acted: all tries are free again. */
    void forget() {
        within.clear();
        inARow = 0;
    }
}
