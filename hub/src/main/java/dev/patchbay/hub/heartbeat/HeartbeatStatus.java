package dev.patchbay.hub.heartbeat;

import java.time.Instant;
import java.util.Optional;

/**
 * How an agent's heartbeat stands.
 *
 * @param isEnabled false also for an agent that has none
 * @param nextRun when it will be looked whether it may run
 * @param skipped what is in the way of one right now; empty: nothing
 * @param error why the last one failed
 */
public record HeartbeatStatus(
        String agentId,
        boolean isEnabled,
        Optional<Instant> lastRun,
        Optional<Instant> nextRun,
        Optional<Result> lastResult,
        Optional<Check> skipped,
        Optional<String> error) {}
