package dev.patchbay.hub.schedule;

import dev.patchbay.hub.session.Target;
import java.time.Instant;

/**
 * A turn at given times.
 *
 * @param name unique; a-z, 0-9, - and _, at most 64
 * @param text what the agent is told
 * @param target who hears the answer
 * @param since times before it do not count
 */
public record ScheduleSpec(
        String name, Timing timing, String agentId, String text, Target target, Source source, Instant since) {

    /** Where it comes from. */
    public enum Source {
        CONFIG,
        API
    }
}
