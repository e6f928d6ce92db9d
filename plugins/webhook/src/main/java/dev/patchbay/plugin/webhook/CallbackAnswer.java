package dev.patchbay.plugin.webhook;

import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.Paced.Scope;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.hc.client5.http.utils.DateUtils;
import org.jspecify.annotations.Nullable;

/**
 * What a callback's server answered.
 *
 * @param retryAfter the header as it stands, null if there is none
 */
record CallbackAnswer(int status, @Nullable String retryAfter) {
    /** A server that says "at once" with every 429 would otherwise be asked in a loop that counts no attempts. */
    private static final Duration PAUSE_MIN = Duration.ofSeconds(1);

    private static final Duration PAUSE_MAX = Duration.ofDays(30);

    DeliveryOutcome outcome(Instant now) {
        String reason = "the callback answered HTTP " + status;
        Optional<Duration> pause = pause(now);
        if (status >= 200 && status < 300) {
            return new Delivered("");
        }
        if (status == 429 && pause.isPresent()) {
            // Other peers may have other limits behind the same address: a 429 holds back its own peer.
            Duration wait = pause.get().compareTo(PAUSE_MIN) < 0 ? PAUSE_MIN : pause.get();
            return new Paced(reason, wait, Scope.PEER);
        }
        if (status == 408 || status == 425 || status == 429 || status >= 500) {
            return new RetryLater(reason, pause.orElse(Duration.ZERO));
        }
        return new Refused(reason);
    }

    /** Seconds or a date; empty if it is neither. */
    private Optional<Duration> pause(Instant now) {
        if (retryAfter == null) {
            return Optional.empty();
        }
        String value = retryAfter.strip();
        if (value.matches("[0-9]+")) {
            boolean isBeyond = value.length() > 9;
            return Optional.of(isBeyond ? PAUSE_MAX : atMost(Duration.ofSeconds(Long.parseLong(value))));
        }
        return Optional.ofNullable(DateUtils.parseStandardDate(value))
                .map(date -> date.isAfter(now) ? atMost(Duration.between(now, date)) : Duration.ZERO);
    }

    private static Duration atMost(Duration pause) {
        return pause.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause;
    }
}
