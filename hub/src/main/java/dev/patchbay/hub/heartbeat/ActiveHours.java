package dev.patchbay.hub.heartbeat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Hours of the day in a time zone, by what its clocks show: an hour that is left out in spring is left out here, one that comes twice
 * in autumn counts twice. Immutable.
 *
 * @param from the first minute of the day that belongs to them, 0 to 1,439
 * @param until the first that does not, 0 to 1,440; before {@code from} if they wrap midnight
 */
public record ActiveHours(int from, int until, ZoneId zone) {
    private static final int DAY = 24 * 60;

    /** A day more than clocks are ever moved, for hours that lie in what was left out. */
    private static final int DAYS_AHEAD = 3;

    public ActiveHours {
        if (from < 0 || from >= DAY || until < 0 || until > DAY || from == until) {
            throw new IllegalArgumentException("no hours: minutes " + from + " to " + until);
        }
    }

    boolean include(Instant now) {
        ZonedDateTime there = now.atZone(zone);
        int minute = there.getHour() * 60 + there.getMinute();
        return from < until ? minute >= from && minute < until : minute >= from || minute < until;
    }

    /** When they begin next, later than {@code now}. */
    Instant opening(Instant now) {
        LocalDate today = now.atZone(zone).toLocalDate();
        List<Instant> openings = new ArrayList<>();
        for (int day = 0; day <= DAYS_AHEAD; day++) {
            openings.addAll(moments(today.plusDays(day).atTime(LocalTime.ofSecondOfDay(from * 60L))));
        }
        return openings.stream()
                .filter(each -> each.isAfter(now) && include(each))
                .min(Comparator.naturalOrder())
                .orElseGet(() -> now.plus(Duration.ofDays(1)));
    }

    /** When clocks show this: once, twice, or in place of it the moment in which they skip it. */
    private List<Instant> moments(LocalDateTime shown) {
        ZoneRules rules = zone.getRules();
        ZoneOffsetTransition change = rules.getTransition(shown);
        if (change != null && change.isGap()) {
            return List.of(change.getInstant());
        }
        return rules.getValidOffsets(shown).stream().map(shown::toInstant).toList();
    }
}
