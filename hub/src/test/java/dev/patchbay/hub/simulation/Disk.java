package dev.patchbay.hub.simulation;

import dev.patchbay.hub.store.MemoryStore;
import dev.patchbay.hub.store.StoreException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The disk under one life of the hub: writes wait for a sync that they share, some syncs take seconds, and in an outage writes fail,
 * some of them although they are stored. Reads fail in an outage, too.
 */
final class Disk implements MemoryStore.Gate {
    private static final Set<String> READS = Set.of(
            "pendingInbound",
            "inbound",
            "openDeliveries",
            "delivery",
            "deliveries",
            "deliveryCounts",
            "attempts",
            "deliveriesOf",
            "session",
            "sessions",
            "history",
            "archive",
            "line",
            "happenings",
            "sequence",
            "bindings",
            "note",
            "notes");

    private final Timeline timeline;
    private final Life hub;
    private final Chance chance;
    private final Plan.DiskPlan plan;
    private final Weathercock weather;
    private final Storm storm;
    private @Nullable CountDownLatch sync;

    Disk(Timeline timeline, Life hub, Chance chance, Plan.DiskPlan plan, Weathercock weather, Storm storm) {
        this.timeline = timeline;
        this.hub = hub;
        this.chance = chance;
        this.plan = plan;
        this.weather = weather;
        this.storm = storm;
    }

    @Override
    public void before(String operation) throws InterruptedException {
        if (!Thread.currentThread().isVirtual()) {
            if (timeline.isInAlarmOf(hub)) {
                throw new IllegalStateException("an alarm's action waits for the store: " + operation);
            }
            // The judge looks at what is stored.
            return;
        }
        if (chance.happens(0.3)) {
            hub.sleep(chance.upTo(Duration.ofMillis(1)));
        }
        if (!weather.isOut()) {
            return;
        }
        if (READS.contains(operation) || !chance.happens(plan.tellsWrong())) {
            storm.fault("disk refuses " + operation);
            throw trouble();
        }
    }

    @Override
    public void committed(String operation) throws InterruptedException {
        if (!Thread.currentThread().isVirtual()) {
            return;
        }
        timeline.event("stored " + operation);
        CountDownLatch shared = sync;
        if (shared == null) {
            shared = new CountDownLatch(1);
            sync = shared;
            CountDownLatch own = shared;
            boolean stalls = chance.happens(storm.isOver() ? 0 : plan.stalls());
            Duration takes = stalls
                    ? chance.upTo(Duration.ofSeconds(5))
                    : chance.upTo(plan.sync().multipliedBy(2));
            hub.at(timeline.now().plus(takes), () -> {
                sync = null;
                own.countDown();
            });
        }
        shared.await();
        if (weather.isOut()) {
            storm.fault("disk denies " + operation);
            throw trouble();
        }
    }

    private StoreException trouble() {
        return chance.happens(0.5)
                ? new StoreException(StoreException.Kind.UNAVAILABLE, "the simulated disk is out")
                : new StoreException(StoreException.Kind.NO_ROOM, "the simulated disk is full");
    }
}
