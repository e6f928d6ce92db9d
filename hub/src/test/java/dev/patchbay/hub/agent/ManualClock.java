package dev.patchbay.hub.agent;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Stands until it is moved, by one thread. */
final class ManualClock extends Clock {
    private volatile Instant now;

    ManualClock(String start) {
        now = Instant.parse(start);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread moves it
    void tick(Duration by) {
        now = now.plus(by);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
