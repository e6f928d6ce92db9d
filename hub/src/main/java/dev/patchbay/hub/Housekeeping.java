package dev.patchbay.hub;

import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.store.Retention;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets go of what is over its age, a little every minute. */
final class Housekeeping {
    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final int ROUNDS_MAX = 100;
    private static final Retention RETENTION =
            new Retention(Duration.ofDays(7), Duration.ofDays(30), Duration.ofDays(30));

    private final Store store;
    private final World world;

    Housekeeping(Store store, World world) {
        this.store = store;
        this.world = world;
    }

    void start() {
        world.alarm().at(world.clock().instant().plus(EVERY), () -> {
            world.threads().execute(this::tidy);
            start();
        });
    }

    /** On request: the same, at once. */
    Map<String, Object> optimize() throws InterruptedException {
        return Map.of("rounds", prune());
    }

    private void tidy() {
        try {
            prune();
        } catch (StoreException later) {
            log.warn("Old records stay for now: {}", later.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
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
