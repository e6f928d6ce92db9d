package dev.patchbay.hub.lane;

import dev.patchbay.hub.failpoint.FailPoints;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Everything through which time, chance and mishap enter the core. A running hub has the real ones; a simulation brings its own.
 *
 * @param threads starts a virtual thread per task, never blocks
 * @param random safe for many threads
 * @param failPoints where failures can be brought in
 */
public record World(
        Clock clock,
        Alarm alarm,
        Executor threads,
        RandomGenerator random,
        Stopwatch stopwatch,
        FailPoints failPoints) {

    /** A world in which time passes as it does, and nothing fails on purpose. */
    public World(Clock clock, Alarm alarm, Executor threads, RandomGenerator random) {
        this(clock, alarm, threads, random, Stopwatch.SYSTEM, FailPoints.NONE);
    }
}
