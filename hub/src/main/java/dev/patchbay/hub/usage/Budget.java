package dev.patchbay.hub.usage;

import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;

/** The two spans that money is given for, each as a calendar has them. */
public enum Budget {
    DAILY,
    MONTHLY;

    /** On the wire: daily or monthly. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The first day of the span that a day is in. */
    LocalDate begin(LocalDate day) {
        return this == DAILY ? day : day.withDayOfMonth(1);
    }

    /** When the next span begins: at midnight, or, where the clocks skip it, at the first moment of that day. */
    ZonedDateTime end(LocalDate day, ZoneId zone) {
        return (this == DAILY ? day.plusDays(1) : day.withDayOfMonth(1).plusMonths(1)).atStartOfDay(zone);
    }
}
