package dev.patchbay.hub.schedule;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The times that a cron expression of five fields means in a time zone. A time that clocks skip in spring comes when they do, unless the
 * hour field is open ({@code *}); one that comes twice in autumn counts once, unless the hour field is open. Immutable.
 */
final class CronTimes {
    private static final int LENGTH_MAX = 200;

    /** The library takes more than this, and takes some of it for something else. */
    private static final Pattern FIELD = Pattern.compile(
            "(?:\\*|\\w{1,3}(?:-\\w{1,3})?)(?:/\\d{1,2})?(?:,(?:\\*|\\w{1,3}(?:-\\w{1,3})?)(?:/\\d{1,2})?)*");

    private final ZoneId zone;
    private final ExecutionTime times;
    private final boolean isHourOpen;

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException if it is none, or means no time at all; the message is fit for whoever wrote it
     */
    CronTimes(String expression, ZoneId zone) {
        String[] fields = expression.strip().split("\\s+");
        if (fields.length != 5 || expression.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "a cron expression has five fields (minute hour day month weekday), for instance 0 9 * * 1-5");
        }
        for (String field : fields) {
            if (!FIELD.matcher(field).matches()) {
                throw new IllegalArgumentException(
                        "a field of the cron expression cannot be read: " + field.replaceAll("[^\\x20-\\x7e]", "?"));
            }
        }
        this.zone = zone;
        this.isHourOpen = fields[1].startsWith("*");
        try {
            this.times =
                    ExecutionTime.forCron(new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
                            .parse(String.join(" ", fields))
                            .validate());
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("the cron expression cannot be read: " + said(wrong), wrong);
        }
        if (times.nextExecution(ZonedDateTime.of(2024, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC))
                .isEmpty()) {
            throw new IllegalArgumentException("the cron expression names a time that never comes");
        }
    }

    /** The first time later than {@code after}; empty if there is none. */
    Optional<Instant> next(Instant after) {
        Optional<Instant> next = times.nextExecution(after.atZone(zone)).map(ZonedDateTime::toInstant);
        return isHourOpen ? next : skipped(after, next).or(() -> next);
    }

    /** The next time that clocks move forward over one of ours, if that is before {@code next}. */
    private Optional<Instant> skipped(Instant after, Optional<Instant> next) {
        Instant until = next.orElseGet(() -> after.plus(Duration.ofDays(366)));
        for (ZoneOffsetTransition change = zone.getRules().nextTransition(after);
                change != null && change.getInstant().isBefore(until);
                change = zone.getRules().nextTransition(change.getInstant())) {
            if (change.isGap() && isWithin(change.getDateTimeBefore(), change.getDateTimeAfter())) {
                return Optional.of(change.getInstant());
            }
        }
        return Optional.empty();
    }

    /** Whether one of the times lies between two readings of the clock; as if no clock were ever moved. */
    private boolean isWithin(LocalDateTime from, LocalDateTime to) {
        return times.nextExecution(from.minusNanos(1).atZone(ZoneOffset.UTC))
                .filter(time -> time.toLocalDateTime().isBefore(to))
                .isPresent();
    }

    private static String said(IllegalArgumentException wrong) {
        String message = String.valueOf(wrong.getMessage()).replaceFirst("^Failed to parse cron expression\\. ", "");
        return message.length() > 200 ? message.substring(0, 200) + "…" : message;
    }
}
