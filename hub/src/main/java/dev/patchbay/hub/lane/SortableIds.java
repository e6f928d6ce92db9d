package dev.patchbay.hub.lane;

import java.time.Clock;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * Makes ids of 26 characters that sort by the time of making: 48 bits of milliseconds and 80 random bits in Crockford's
 * base 32, as ULIDs have it. Ids from one maker strictly increase. Safe for many threads.
 *
 * <p>The random part keeps ids of a wiped data folder from meeting older ones at a receiver that remembers them.
 */
public final class SortableIds {
    private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();

    private final Clock clock;
    private final RandomGenerator random;
    private long millis;
    private long high;
    private long low;

    public SortableIds(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** Ids that were made up to this moment, by another maker, are in use: further ones come after them, whatever the clock says. */
    public synchronized void startAfter(Instant latest) {
        long before = latest.toEpochMilli() + 1;
        if (before > millis) {
            millis = before;
            high = random.nextLong() & 0xFF_FFFF_FFFFL;
            low = random.nextLong() & 0xFF_FFFF_FFFFL;
        }
    }

    /** The next id. */
    public synchronized String next() {
        long now = clock.millis();
        if (now > millis) {
            millis = now;
            high = random.nextLong() & 0xFF_FFFF_FFFFL;
            low = random.nextLong() & 0xFF_FFFF_FFFFL;
        } else {
            // Same millisecond, or the clock went back: count on, so that the order of making stays the order of ids.
            low = (low + 1) & 0xFF_FFFF_FFFFL;
            if (low == 0) {
                high = (high + 1) & 0xFF_FFFF_FFFFL;
                if (high == 0) {
                    millis++;
                }
            }
        }
        var id = new char[26];
        write(id, 0, 10, millis);
        write(id, 10, 8, high);
        write(id, 18, 8, low);
        return new String(id);
    }

    private static void write(char[] into, int from, int digits, long value) {
        for (int i = digits - 1; i >= 0; i--) {
            into[from + i] = DIGITS[(int) (value & 31)];
            value >>>= 5;
        }
    }
}
