package dev.patchbay.hub.lane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The hub's own time: begins with the wall clock's, goes on by the monotonic one, never goes back and never jumps. It follows the wall
 * clock by at most half a thousandth, so that it stays true for years, and a second remains a second when somebody sets the wall clock.
 * Sleep of the machine counts where the system tells of it. Safe for many threads; as exact as the store, a microsecond.
 */
public final class SteadyClock extends Clock {
    /** One part in so many is the most it runs fast or slow: what crystals do, and less than what pacing allows for. */
    private static final long SLEW = 2_000;

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** A wall clock that is further away than it was has been set, or the machine has slept. */
    private static final Duration JUMP = Duration.ofSeconds(1);

    /** Further away than this counts as this. */
    private static final Duration FAR = Duration.ofDays(50 * 365);

    private static final Path UPTIME = Path.of("/proc/uptime");

    private final InstantSource wall;
    private final LongSupplier nanos;
    private final LongSupplier asleep;

    private Instant time;
    private long last;
    private long looked;
    private long slewRest;
    private long asleepKnown;
    private Duration apart = Duration.ZERO;

    /**
     * A clock that starts now.
     *
     * @param wall what everybody else goes by; may be set at any time
     * @param nanos monotonic, as {@link System#nanoTime()}
     * @param asleep nanoseconds, from any beginning, by which the machine has slept while {@code nanos} stood still; asked when the wall
     *     clock has jumped
     */
    SteadyClock(InstantSource wall, LongSupplier nanos, LongSupplier asleep) {
        this.wall = wall;
        this.nanos = nanos;
        this.asleep = asleep;
        time = wall.instant();
        last = nanos.getAsLong();
        looked = last;
        asleepKnown = asleep.getAsLong();
    }

    /** The clock of a running hub. */
    public static SteadyClock system() {
        return new SteadyClock(InstantSource.system(), System::nanoTime, SteadyClock::asleepNanos);
    }

    @Override
    public synchronized Instant instant() {
        long now = nanos.getAsLong();
        long passed = Math.max(0, now - last);
        last = now;
        time = time.plusNanos(passed + slewed(passed));
        if (now - looked >= LOOK_EVERY.toNanos()) {
            looked = now;
            look();
        }
        return time.truncatedTo(ChronoUnit.MICROS);
    }

    /** How far the wall clock is ahead; negative if it is behind. At most a tenth of a second old if somebody has just asked for the time. */
    public synchronized Duration wallAhead() {
        return apart;
    }

    private long slewed(long passed) {
        slewRest += passed;
        long most = slewRest / SLEW;
        slewRest %= SLEW;
        long step = Math.clamp(apart.toNanos(), -most, most);
        apart = apart.minusNanos(step);
        return step;
    }

    private void look() {
        Duration before = apart;
        apart = ahead();
        if (apart.minus(before).compareTo(JUMP) > 0) {
            long slept = asleep.getAsLong();
            long more = slept - asleepKnown;
            asleepKnown = slept;
            if (more > JUMP.toNanos()) {
                // Time that really went by, for everybody: what was due meanwhile is due.
                time = time.plusNanos(more);
                apart = ahead();
            }
        }
    }

    private Duration ahead() {
        Duration ahead = Duration.between(time, wall.instant());
        if (ahead.abs().compareTo(FAR) > 0) {
            return ahead.isNegative() ? FAR.negated() : FAR;
        }
        return ahead;
    }

    /** Linux counts its uptime with sleep, and {@link System#nanoTime()} without; 0 elsewhere. */
    private static long asleepNanos() {
        try {
            Optional<String> line = Files.readAllLines(UPTIME).stream().findFirst();
            long uptime = line.map(each -> (long) (Double.parseDouble(each.split(" ", 2)[0]) * 1e9))
                    .orElse(0L);
            return line.isPresent() ? uptime - System.nanoTime() : 0;
        } catch (IOException | NumberFormatException notTold) {
            return 0;
        }
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** Itself: the hub reckons in instants. */
    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
