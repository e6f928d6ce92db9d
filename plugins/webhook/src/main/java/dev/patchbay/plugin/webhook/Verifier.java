package dev.patchbay.plugin.webhook;

import dev.patchbay.api.HttpCall;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Tells genuine requests from others. Immutable, for any thread. */
@FunctionalInterface
interface Verifier {

    /** Says what is wrong with a request, without anything that helps to forge one; empty if it is genuine. */
    Optional<String> problem(HttpCall call, Instant now);

    /** Whether a time in whole seconds since 1970, digits only, is within the tolerance of now, both ways. */
    static boolean isFresh(String seconds, Instant now, Duration tolerance) {
        if (!seconds.matches("[0-9]{1,11}")) {
            return false;
        }
        Instant stamped = Instant.ofEpochSecond(Long.parseLong(seconds));
        return Duration.ofSeconds(now.getEpochSecond() - stamped.getEpochSecond())
                        .abs()
                        .compareTo(tolerance)
                <= 0;
    }
}
