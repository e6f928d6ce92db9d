package dev.patchbay.hub.heartbeat;

import dev.patchbay.hub.session.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How an agent speaks up by itself.
 *
 * @param isEnabled false: only a place to keep the rest
 * @param every from one to the next, at least
 * @param file what the agent is to look at, read anew each time
 * @param hours when it may; empty: always
 * @param target who hears of it
 */
public record HeartbeatSpec(
        String agentId,
        boolean isEnabled,
        Duration every,
        Path file,
        Optional<ActiveHours> hours,
        Target target,
        SilenceRule silence) {}
