package dev.patchbay.hub.heartbeat;

import dev.patchbay.hub.lane.World;
import java.time.Duration;
import java.time.Instant;

/**
 * When an agent's heartbeat is looked after next. Chance spreads agents that would come at the same moment.
 */
final class Moments {
    private static final Duration AGAIN_MIN = Duration.ofSeconds(1);
    private static final Duration AGAIN_MAX = Duration.ofMinutes(1);
    private static final Duration GAVE_WAY_MAX = Duration.ofMinutes(10);

    private final Duration every;
    private final World world;

    Moments(Duration every, World world) {
        this.every = every;
        this.world = world;
    }

    /** When the interval is over that begins now: it, and up to a tenth of it. */
    Instant due(Instant now) {
        return now.plus(every).plus(some(every.dividedBy(10)));
    }

    /** The moment that was remembered, unless the interval has become shorter since, or the clock was put back. */
    Instant due(Instant remembered, Instant now) {
        Instant latest = now.plus(every).plus(every.dividedBy(10));
        return remembered.isAfter(latest) ? due(now) : remembered;
    }

    /** For one that was missed while the hub was down: soon, but not all of them at once. */
    Instant madeUp(Instant now) {
        return now.plus(some(again()));
    }

    /** For one that something was in the way of. */
    Instant again(Instant now) {
        return now.plus(again());
    }

    /** For one that gave way to a user: being interrupted is not free for every agent. */
    Instant afterGivingWay(Instant now) {
        return now.plus(every.compareTo(GAVE_WAY_MAX) < 0 ? every : GAVE_WAY_MAX);
    }

    /** When hours begin, or a little later. */
    Instant opening(ActiveHours hours, Instant now) {
        return hours.opening(now).plus(some(again()));
    }

    /** A tenth of the interval, but neither so short that it is a load nor so long that nobody expects it any more. */
    private Duration again() {
        Duration tenth = every.dividedBy(10);
        if (tenth.compareTo(AGAIN_MIN) < 0) {
            return AGAIN_MIN;
        }
        return tenth.compareTo(AGAIN_MAX) > 0 ? AGAIN_MAX : tenth;
    }

    private Duration some(Duration most) {
        return Duration.ofMillis(world.random().nextLong(Math.max(1, most.toMillis())));
    }
}
