package dev.patchbay.hub.schedule;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How a schedule stands.
 *
 * @param nextRun empty if there is none any more
 * @param error why the last one failed
 */
public record ScheduleStatus(
        ScheduleSpec spec,
        Optional<Instant> nextRun,
        Optional<Instant> lastRun,
        Optional<Result> lastResult,
        Optional<String> error) {

    /** How one run ended. */
    public enum Result {
        /** The agent has answered; the answer went where it was to go. */
        SENT,
        /** The agent had nothing to say. */
        SILENT,
        FAILED;

        /** As programs see it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
