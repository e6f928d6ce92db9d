package dev.patchbay.hub.lane;

import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Everything through which time and chance enter the core. A running hub has the real ones; a simulation brings its own.
 *
 * @param threads starts a virtual thread per task, never blocks
 * @param random safe for many threads
 */
public record World(Clock clock, Alarm alarm, Executor threads, RandomGenerator random, Stopwatch stopwatch) {

    /** A world in which time passes as it does. */
    public World(Clock clock, Alarm alarm, Executor threads, RandomGenerator random) {
        this(clock, alarm, threads, random, Stopwatch.SYSTEM);
    }
}
