package dev.patchbay.hub;

import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.store.Retention;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets go of what is over its age, a little every minute. */
final class Housekeeping {
    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final int FILES_EVERY = 60;
    private static final int ROUNDS_MAX = 100;
    private static final Retention RETENTION =
            new Retention(Duration.ofDays(7), Duration.ofDays(30), Duration.ofDays(30));

    private final Store store;
    private final AttachmentDesk files;
    private final World world;
    private final TimeNote time;
    private int ticks;

    Housekeeping(Store store, AttachmentDesk files, World world) {
        this.time = new TimeNote(store, world.clock());
        this.files = files;
        this.store = store;
        this.world = world;
    }

    void start() {
        world.alarm().at(world.clock().instant().plus(EVERY), () -> {
            world.threads().execute(this::tidy);
            start();
        });
    }

    /** How far time had come when the hub ran last; the epoch if nobody knows. */
    Instant latest() throws InterruptedException {
        return time.latest();
    }

    /** On request: the same, at once. */
    Map<String, Object> optimize() throws InterruptedException {
        return Map.of("rounds", prune(), "files", expire());
    }

    private void tidy() {
        try {
            time.keep();
            prune();
            // It looks at every file: not each minute.
            if (ticks++ % FILES_EVERY == 0) {
                expire();
            }
        } catch (StoreException later) {
            log.warn("Old records stay for now: {}", later.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private int expire() throws InterruptedException {
        try {
            return files.expire();
        } catch (IOException later) {
            log.warn("Old files stay for now: {}", later.getMessage());
            return 0;
        }
    }

    private int prune() throws InterruptedException {
        int rounds = 1;
        while (rounds < ROUNDS_MAX && store.prune(RETENTION, world.clock().instant())) {
            rounds++;
        }
        return rounds;
    }
}
