package dev.patchbay.hub.delivery;

import dev.patchbay.api.Pacing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds one limit, so that a platform that counts arrivals by a clock of its own sees it held, too. Guarded by the {@link LaneBook}.
 *
 * <p>What is under way may arrive now, so it keeps its place until it is over, and counts from then.
 */
abstract sealed class Limiter {
    /** Two clocks may differ in speed by a thousandth. */
    private static final double CLOCKS = 1.001;

    final List<Unit> units = new ArrayList<>(1);

    static Limiter of(Pacing.Limit limit) {
        return switch (limit) {
            case Pacing.Limit.Window(int count, Duration per) -> new Window(count, per);
            case Pacing.Limit.Bucket(int burst, Duration interval) -> new Bucket(burst, interval);
        };
    }

    /** How long a send can matter. */
    static Duration memory(Pacing.Limit limit) {
        return switch (limit) {
            case Pacing.Limit.Window(var _, Duration per) -> per;
            case Pacing.Limit.Bucket(int burst, Duration interval) -> interval.multipliedBy(burst);
        };
    }

    /**
     * The earliest moment at which one more may begin; {@code now}, if it may. Later if something that is under way ends later than
     * it should.
     *
     * @param factor how many times slower than the limit allows
     * @param spared how much of the limit is left to others, from 0 to 1
     */
    abstract Instant freeAt(Instant now, double factor, double spared);

    /** Something that was taken is over. */
    abstract void ended(Unit unit, Instant now, double factor);

    /** Whether nothing that was ever sent matters any more. */
    abstract boolean isFresh(Instant now, double factor);

    /** Something was sent before a restart, and has arrived by {@code at}. */
    abstract void recall(Instant at, Instant now, double factor);

    void take(Unit unit) {
        units.add(unit);
    }

    /** What was taken will not be sent. */
    void untake(Unit unit) {
        units.remove(unit);
    }

    private static int allowed(int count, double spared) {
        return Math.max(1, count - (int) (count * spared));
    }

    private static Duration stretched(Duration time, double factor) {
        return Duration.ofNanos((long) (time.toNanos() * CLOCKS * factor));
    }

    private static final class Window extends Limiter {
        private final int count;
        private final Duration per;

        Window(int count, Duration per) {
            this.count = count;
            this.per = per;
        }

        @Override
        Instant freeAt(Instant now, double factor, double spared) {
            Duration stretch = stretched(per, factor);
            forgetOlder(now, now.minus(stretch));
            int most = allowed(count, spared);
            if (units.size() < most) {
                return now;
            }
            List<Instant> inside = units.stream()
                    .map(each -> each.counts(now))
                    .filter(now.minus(stretch)::isBefore)
                    .sorted()
                    .toList();
            return inside.size() < most ? now : inside.get(inside.size() - most).plus(stretch);
        }

        @Override
        void recall(Instant at, Instant now, double factor) {
            var unit = new Unit(at);
            unit.end(at);
            take(unit);
        }

        @Override
        void ended(Unit unit, Instant now, double factor) {}

        @Override
        boolean isFresh(Instant now, double factor) {
            forgetOlder(now, now.minus(stretched(per, factor)));
            return units.isEmpty();
        }

        private void forgetOlder(Instant now, Instant horizon) {
            units.removeIf(each -> each.isOver() && !each.counts(now).isAfter(horizon));
        }
    }

    private static final class Bucket extends Limiter {
        private final int burst;
        private final Duration interval;

        /** When everything that was sent will have been refilled. */
        private Instant full = Instant.EPOCH;

        Bucket(int burst, Duration interval) {
            this.burst = burst;
            this.interval = interval;
        }

        @Override
        Instant freeAt(Instant now, double factor, double spared) {
            Duration step = stretched(interval, factor);
            for (Unit late : units.stream()
                    .filter(each -> !each.counts(now).isAfter(now))
                    .toList()) {
                ended(late, now, factor);
            }
            // Never more than a whole burst is missing; only a clock that was set back can say so.
            full = earlier(full, now.plus(step.multipliedBy(burst)));
            int left = allowed(burst, spared) - 1 - units.size();
            if (left < 0) {
                return units.stream()
                        .map(each -> each.counts(now))
                        .min(Instant::compareTo)
                        .orElse(now);
            }
            // What is saved up does not grow because we go slower now than when it was counted.
            return later(now, full.minus(stretched(interval, 1).multipliedBy(left)));
        }

        /** Who knows what it followed: as if the bucket had been empty before it. */
        @Override
        void recall(Instant at, Instant now, double factor) {
            if (at.isAfter(now.minus(interval.multipliedBy(burst)))) {
                full = later(full, now).plus(stretched(interval, factor));
            }
        }

        @Override
        void ended(Unit unit, Instant now, double factor) {
            if (units.remove(unit)) {
                full = later(full, unit.counts(now)).plus(stretched(interval, factor));
            }
        }

        @Override
        boolean isFresh(Instant now, double factor) {
            return units.isEmpty() && !full.isAfter(now);
        }

        private static Instant earlier(Instant one, Instant other) {
            return one.isBefore(other) ? one : other;
        }

        private static Instant later(Instant one, Instant other) {
            return one.isAfter(other) ? one : other;
        }
    }
}
