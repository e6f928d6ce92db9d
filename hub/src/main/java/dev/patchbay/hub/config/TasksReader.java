package dev.patchbay.hub.config;

import dev.patchbay.hub.config.HubConfig.Tasks;
import java.time.Duration;
import java.util.List;

/** Reads the section {@code tasks}. */
final class TasksReader {
    private static final int WAITS_MAX = 100;

    private TasksReader() {}

    static Tasks read(Section section) {
        section.refuseUnknown();
        List<Duration> retry = section.list("retry", Values::duration);
        if (retry.size() > WAITS_MAX) {
            section.wrong("retry", "more than " + WAITS_MAX + " waits", "leave out the last ones");
        }
        Section keep = section.section("keep");
        keep.refuseUnknown();
        return new Tasks(
                retry,
                section.value("max-running", Values::number),
                section.value("queue-limit", Values::number),
                section.value("ttl", Values::duration),
                keep.value("days", Values::number),
                keep.value("count", Values::number),
                keep.value("size", Values::size));
    }
}
