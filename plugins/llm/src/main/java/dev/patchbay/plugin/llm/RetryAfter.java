package dev.patchbay.plugin.llm;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Reads when a server wants to be asked again. */
final class RetryAfter {
    private static final double SECONDS_MAX = 86_400;

    private RetryAfter() {}

    static Optional<Duration> of(HttpHeaders headers) {
        return headers.firstValue("retry-after-ms")
                .flatMap(text -> seconds(text, 1_000))
                .or(() -> headers.firstValue("retry-after").flatMap(text -> seconds(text, 1)))
                .or(() -> headers.firstValue("retry-after").flatMap(text -> until(text, headers)));
    }

    private static Optional<Duration> seconds(String text, double perSecond) {
        try {
            double seconds = Double.parseDouble(text.strip()) / perSecond;
            return seconds >= 0
                    ? Optional.of(Duration.ofMillis((long) (Math.min(seconds, SECONDS_MAX) * 1_000)))
                    : Optional.empty();
        } catch (NumberFormatException aDate) {
            return Optional.empty();
        }
    }

    /** By the server's own clock, which need not be ours. */
    private static Optional<Duration> until(String text, HttpHeaders headers) {
        return date(text).flatMap(then -> headers.firstValue("date")
                .flatMap(RetryAfter::date)
                .map(now -> Duration.between(now, then))
                .filter(wait -> !wait.isNegative()));
    }

    private static Optional<ZonedDateTime> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeParseException noDate) {
            return Optional.empty();
        }
    }
}
