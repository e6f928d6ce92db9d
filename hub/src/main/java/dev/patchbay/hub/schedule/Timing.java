package dev.patchbay.hub.schedule;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** When a schedule is due. Immutable. */
public sealed interface Timing {
    Duration EVERY_MIN = Duration.ofSeconds(1);
    Duration EVERY_MAX = Duration.ofDays(365);

    /** The first moment later than {@code after}; empty if there is none any more. */
    Optional<Instant> next(Instant after);

    /** The same text if, and only if, it means the same times. */
    String toText();

    /** By a cron expression, in a time zone. */
    final class Cron implements Timing {
        private final String expression;
        private final ZoneId zone;
        private final CronTimes times;

        private Cron(String expression, ZoneId zone) {
            this.expression = expression.strip().replaceAll("\\s+", " ");
            this.zone = zone;
            this.times = new CronTimes(this.expression, zone);
        }

        public String expression() {
            return expression;
        }

        public ZoneId zone() {
            return zone;
        }

        @Override
        public Optional<Instant> next(Instant after) {
            return times.next(after);
        }

        @Override
        public String toText() {
            return "cron " + expression + " " + zone;
        }
    }

    /** Once. */
    record At(Instant moment) implements Timing {
        @Override
        public Optional<Instant> next(Instant after) {
            return moment.isAfter(after) ? Optional.of(moment) : Optional.empty();
        }

        @Override
        public String toText() {
            return "at " + moment;
        }
    }

    /**
     * Again and again.
     *
     * @param since the first time is one {@code period} after it
     */
    record Every(Duration period, Instant since) implements Timing {
        public Every {
            if (period.compareTo(EVERY_MIN) < 0 || period.compareTo(EVERY_MAX) > 0) {
                throw new IllegalArgumentException("every is from 1s to 365d");
            }
        }

        @Override
        public Optional<Instant> next(Instant after) {
            long passed = Math.max(0, Duration.between(since, after).dividedBy(period));
            return Optional.of(since.plus(period.multipliedBy(passed + 1)));
        }

        @Override
        public String toText() {
            return "every " + period;
        }
    }

    /**
     * Reads a cron expression.
     *
     * @throws IllegalArgumentException if it is none, or names a time that never comes; the message is fit for whoever wrote it
     */
    static Timing cron(String expression, ZoneId zone) {
        return new Cron(expression, zone);
    }

    /**
     * Reads a moment as RFC 3339 writes it, with its offset.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Timing at(String text) {
        try {
            return new At(Instant.parse(text.strip()));
        } catch (DateTimeException other) {
            throw new IllegalArgumentException(
                    "at is a moment with its offset, for instance 2026-12-24T18:00:00+01:00", other);
        }
    }
}
