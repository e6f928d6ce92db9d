package dev.patchbay.hub.heartbeat;

import java.util.Optional;

/**
 * How one heartbeat ended.
 *
 * @param skipped what was in its way
 * @param text what was said, or would have been said again
 * @param error why it failed
 */
public record Outcome(Result result, Optional<Check> skipped, Optional<String> text, Optional<String> error) {
    static Outcome skipped(Check why) {
        return new Outcome(Result.SKIPPED, Optional.of(why), Optional.empty(), Optional.empty());
    }

    static Outcome failed(String why) {
        return new Outcome(Result.FAILED, Optional.empty(), Optional.empty(), Optional.of(why));
    }

    static Outcome silent() {
        return new Outcome(Result.SILENT, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static Outcome of(Result result, String text) {
        return new Outcome(result, Optional.empty(), Optional.of(text), Optional.empty());
    }
}
