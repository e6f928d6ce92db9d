package dev.patchbay.hub.simulation;

import dev.patchbay.api.Pacing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;

/** Counts what arrives, by the letter of one limit. */
sealed interface Counter {

    /** One more has arrived; false if that is more than allowed. */
    boolean take(Instant now, boolean isDraft);

    /** Drafts do not count any more: a hub that has died does not remember them. */
    void forgetDrafts();

    static List<Counter> of(List<Pacing.Limit> limits) {
        return limits.stream()
                .map(limit -> switch (limit) {
                    case Pacing.Limit.Window(int count, Duration per) -> new Window(count, per, new ArrayDeque<>());
                    case Pacing.Limit.Bucket(int burst, Duration interval) -> new Bucket(burst, interval);
                })
                .map(Counter.class::cast)
                .toList();
    }

    /** Tells all of several; false if one of them says so. */
    static boolean takeAll(List<Counter> counters, Instant now, boolean isDraft) {
        boolean allowed = true;
        for (Counter each : counters) {
            allowed &= each.take(now, isDraft);
        }
        return allowed;
    }

    /** What counts in a window. */
    record Arrival(Instant at, boolean isDraft) {}

    record Window(int count, Duration per, ArrayDeque<Arrival> arrivals) implements Counter {
        @Override
        public boolean take(Instant now, boolean isDraft) {
            while (!arrivals.isEmpty() && !arrivals.peekFirst().at().isAfter(now.minus(per))) {
                arrivals.removeFirst();
            }
            arrivals.addLast(new Arrival(now, isDraft));
            return arrivals.size() <= count;
        }

        @Override
        public void forgetDrafts() {
            arrivals.removeIf(Arrival::isDraft);
        }
    }

    final class Bucket implements Counter {
        private final int burst;
        private final Duration interval;
        private Instant full = Instant.EPOCH;

        Bucket(int burst, Duration interval) {
            this.burst = burst;
            this.interval = interval;
        }

        @Override
        public boolean take(Instant now, boolean isDraft) {
            full = (full.isAfter(now) ? full : now).plus(interval);
            return !full.isAfter(now.plus(interval.multipliedBy(burst)));
        }

        @Override
        public void forgetDrafts() {}
    }
}
