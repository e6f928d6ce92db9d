package dev.patchbay.hub.backup;

import dev.patchbay.hub.lane.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a backup whenever one is due, the first soon after there is something to lose. One that fails is tried again before long, and
 * told to those who watch. Safe for many threads.
 */
public final class BackupSchedule implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BackupSchedule.class);
    private static final Duration FIRST_AFTER = Duration.ofMinutes(1);
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);
    private static final Duration RETRY_AFTER = Duration.ofMinutes(10);

    private final Backups backups;
    private final Backups.Source source;
    private final Supplier<UUID> storeId;
    private final BooleanSupplier isWorthIt;
    private final Reports reports;
    private final World world;
    private volatile Standing standing;
    private volatile @Nullable Thread working;
    private volatile boolean closed;

    /** Who is told. Called by the thread that made the backup. */
    public interface Reports {
        void made(Backup backup) throws InterruptedException;

        void failed(BackupTrouble why) throws InterruptedException;
    }

    /**
     * How backups stand.
     *
     * @param lastGood the newest good one
     * @param trouble why the latest try failed; empty if it did not
     * @param since when there first could have been one: the start, or the latest good one
     */
    public record Standing(Optional<Backup> lastGood, Optional<String> trouble, Instant since) {}

    /**
     * Looks what is there; makes nothing yet.
     *
     * @param storeId which store it is now; backups of another one do not count as its own
     * @param isWorthIt whether anything is stored yet
     */
    public BackupSchedule(
            Backups backups,
            Backups.Source source,
            Supplier<UUID> storeId,
            BooleanSupplier isWorthIt,
            Reports reports,
            World world) {
        this.backups = backups;
        this.source = source;
        this.storeId = storeId;
        this.isWorthIt = isWorthIt;
        this.reports = reports;
        this.world = world;
        this.standing =
                new Standing(backups.latest(), Optional.empty(), world.clock().instant());
    }

    /** Begins to look at the clock. */
    public void start() {
        backups.settings()
                .every()
                .ifPresent(every -> next(world.clock().instant().plus(FIRST_AFTER), every));
    }

    public Standing standing() {
        return standing;
    }

    /** Makes one now, whatever the time; the next one is then due a whole time later. */
    public Backup now(Progress progress) throws BackupTrouble, InterruptedException {
        try {
            working = Thread.currentThread();
            Backup made = backups.create(source, progress);
            standing = new Standing(
                    Optional.of(made), Optional.empty(), made.manifest().createdAt());
            log.info(
                    "Backup {}: {} records, commit {}, {} MB",
                    made.name(),
                    made.manifest().records(),
                    made.manifest().commitNumber(),
                    made.bytes() / 1_000_000);
            reports.made(made);
            return made;
        } catch (BackupTrouble trouble) {
            if (trouble.kind() != BackupTrouble.Kind.BUSY) {
                String why = trouble.getMessage() + "; " + trouble.cure();
                boolean isNew = !standing.trouble().equals(Optional.of(why));
                standing = new Standing(standing.lastGood(), Optional.of(why), standing.since());
                if (isNew && !closed) {
                    log.error("There is no new backup: {}", why);
                    reports.failed(trouble);
                }
            }
            throw trouble;
        } finally {
            working = null;
        }
    }

    /** Ends what is being made, and makes nothing more. */
    @Override
    public void close() {
        closed = true;
        Thread thread = working;
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join(CLOSE_WAIT);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void next(Instant when, Duration every) {
        world.alarm().at(when, () -> world.threads().execute(() -> {
            Duration wait = round(every);
            if (wait != null) {
                next(world.clock().instant().plus(wait), every);
            }
        }));
    }

    /** How long to wait for the next look; null if the hub is stopping. */
    private @Nullable Duration round(Duration every) {
        try {
            if (closed) {
                return null;
            }
            if (isDue(every)) {
                now(Progress.NONE);
            }
            return every.compareTo(LOOK_EVERY) < 0 ? every : LOOK_EVERY;
        } catch (BackupTrouble told) {
            return every.compareTo(RETRY_AFTER) < 0 ? every : RETRY_AFTER;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return null;
        } catch (RuntimeException later) {
            log.warn("A backup that is due waits: {}", later.getMessage());
            return LOOK_EVERY;
        }
    }

    private boolean isDue(Duration every) {
        Instant now = world.clock().instant();
        Optional<Instant> last = standing.lastGood()
                .filter(each -> each.manifest().storeId().equals(storeId.get()))
                .map(each -> each.manifest().createdAt());
        // A clock that was put back must not stop backups for good.
        return last.map(at -> Duration.between(at, now).abs().compareTo(every) >= 0)
                .orElseGet(isWorthIt::getAsBoolean);
    }
}
