package dev.patchbay.hub.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the hub begins by itself.
 *
 * @param heartbeats by the agent's id, in the order of the file; agents without the section are not in it
 */
public record PulseConfig(Map<String, Heartbeat> heartbeats, List<Schedule> schedules) {
    public PulseConfig {
        heartbeats = Collections.unmodifiableMap(new LinkedHashMap<>(heartbeats));
        schedules = List.copyOf(schedules);
    }

    /**
     * An agent that speaks up by itself.
     *
     * @param file what it is to look at
     * @param hours when it may; empty: always
     * @param target who hears of it, as it was written
     * @param silence the word that means "nothing to say"
     * @param silenceMaxChars with the word, so much other text is still nothing
     */
    public record Heartbeat(
            boolean enabled,
            Duration every,
            Path file,
            Optional<Hours> hours,
            ZoneId zone,
            String target,
            String silence,
            int silenceMaxChars) {}

    /**
     * Hours of the day, in minutes since midnight; never equal. Where {@code from} is the later one they wrap midnight.
     *
     * @param from the first minute that belongs to them, 0 to 1,439
     * @param until the first that does not, 0 to 1,440
     */
    public record Hours(int from, int until) {}

    /**
     * A turn at a given time. Exactly one of {@code cron}, {@code at} and {@code every} is there, unless the file is wrong.
     *
     * @param zone of {@code cron}
     * @param deliver who hears the answer, as it was written
     * @param key where it is configured, for instance {@code schedules.0}
     */
    public record Schedule(
            String name,
            Optional<String> cron,
            Optional<Instant> at,
            Optional<Duration> every,
            ZoneId zone,
            String agent,
            String text,
            String deliver,
            String key) {}
}
