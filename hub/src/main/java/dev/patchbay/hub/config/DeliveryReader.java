package dev.patchbay.hub.config;

import dev.patchbay.hub.config.HubConfig.Delivery;
import dev.patchbay.hub.config.HubConfig.WhenFull;
import java.time.Duration;
import java.util.List;

/** Reads the section {@code delivery}, and the one of the same name that a channel may have. */
final class DeliveryReader {
    private static final int WAITS_MAX = 100;

    private DeliveryReader() {}

    static Delivery read(Section section) {
        section.refuseUnknown();
        List<Duration> backoff = section.list("backoff", Values::duration);
        if (backoff.size() > WAITS_MAX) {
            section.wrong(
                    "backoff", "more than " + WAITS_MAX + " waits", "leave out the last ones; the last one repeats");
        }
        return new Delivery(
                backoff,
                section.value("attempts", Values::number),
                section.value("queue-limit", Values::number),
                section.value("when-full", Values.constant(WhenFull.class)),
                section.value("ttl", Values::duration),
                section.value("attempt-timeout", Values::duration),
                section.value("jitter", Values::percent));
    }
}
