package dev.patchbay.hub.ops;

import dev.patchbay.hub.backup.BackupSchedule;
import dev.patchbay.hub.backup.RestoreNotice;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Whether there is a backup to go back to, and whether somebody has to know that one was needed. */
public final class BackupHealth implements HealthSource {
    private final BackupSchedule schedule;
    private final RestoreNotice notice;
    private final Optional<Duration> every;
    private final Clock clock;

    public BackupHealth(BackupSchedule schedule, RestoreNotice notice, Optional<Duration> every, Clock clock) {
        this.schedule = schedule;
        this.notice = notice;
        this.every = every;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "backups";
    }

    @Override
    public HealthPart check() {
        BackupSchedule.Standing standing = schedule.standing();
        Instant now = clock.instant();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("every_seconds", every.map(Duration::toSeconds).orElse(0L));
        standing.lastGood().ifPresent(last -> {
            Instant at = last.manifest().createdAt();
            facts.put("last_good", last.name());
            facts.put("last_good_at", at.toString());
            facts.put("age_seconds", Duration.between(at, now).toSeconds());
        });
        Optional<String> restored = notice.read();
        if (restored.isPresent()) {
            facts.put("restored", restored.get());
            return new HealthPart(
                    HealthStatus.DEGRADED,
                    "the store was restored by itself: " + restored.get()
                            + "; `patchbay db acknowledge` takes note of it",
                    facts);
        }
        if (standing.trouble().isPresent()) {
            return new HealthPart(
                    HealthStatus.DEGRADED,
                    "no new backup: " + standing.trouble().get(),
                    facts);
        }
        boolean isLate = standing.lastGood().isPresent()
                && every.filter(each -> Duration.between(standing.since(), now).compareTo(each.multipliedBy(2)) > 0)
                        .isPresent();
        return isLate
                ? new HealthPart(HealthStatus.DEGRADED, "the last good backup is old", facts)
                : HealthPart.ok(facts);
    }
}
