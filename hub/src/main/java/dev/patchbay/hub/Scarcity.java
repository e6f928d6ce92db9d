package dev.patchbay.hub;

import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.lane.SteadyClock;
import dev.patchbay.hub.memory.HeapGuard;
import dev.patchbay.hub.ops.Scarce;
import dev.patchbay.hub.ops.Scarce.Level;
import dev.patchbay.hub.ops.Vitals;
import dev.patchbay.hub.session.Inbox;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreStatus;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** What of a hub can run out, and from where on somebody should know. */
final class Scarcity {
    private static final double MOSTLY = 0.8;

    /** A disk is nearly full if so much is used and less than this many times the reserve is left. */
    private static final double DISK_MOSTLY = 0.9;

    private static final int RESERVES = 10;
    private static final int FAILED_WRITES = 4;
    private static final Duration CLOCK_APART = Duration.ofSeconds(10);

    /** About a minute of readings, one per second. */
    private static final double CPU_WEIGHT = 1.0 / 60;

    private final List<Scarce> things = new ArrayList<>();

    /** The disk that holds a folder, and the store on it. */
    Scarcity store(Store store, Path folder, long minFree) {
        File disk = folder.toFile();
        add("disk", 1, true, () -> {
            long free = store.status().freeBytes();
            return free < minFree
                    ? new Level(1, left(free) + ", less than store.min-free: nothing new is taken")
                    : Level.NONE;
        });
        add("disk_low", 1, false, () -> {
            long free = store.status().freeBytes();
            boolean low = free < minFree * RESERVES && disk.getTotalSpace() * (1 - DISK_MOSTLY) > free;
            return low ? new Level(1, left(free)) : Level.NONE;
        });
        add("store", 1, true, () -> {
            StoreStatus status = store.status();
            return status.failuresInARow() >= FAILED_WRITES
                    ? new Level(
                            1, "the store failed " + status.failuresInARow() + " times in a row: " + status.detail())
                    : Level.NONE;
        });
        return this;
    }

    /** Queues of messages on their way in and out. */
    Scarcity queues(Inbox inbox, Deliveries deliveries, Collection<String> channels) {
        add("inbox", MOSTLY, false, () -> new Level(inbox.filled(), percent("the inbox", inbox.filled()) + " full"));
        for (String channel : channels) {
            add("queue_" + channel, MOSTLY, false, () -> {
                double filled = deliveries.filled(channel);
                return new Level(filled, percent("the delivery queue of channel " + channel, filled) + " full");
            });
        }
        return this;
    }

    /** What the process has. */
    Scarcity process(HeapGuard heap, SteadyClock clock) {
        add(
                "memory",
                1,
                true,
                () -> heap.isTight()
                        ? new Level(
                                1,
                                percent("after garbage collection the heap", heap.usedAfterCollection())
                                        + " in use: nothing new is taken")
                        : Level.NONE);
        add(
                "memory_low",
                MOSTLY,
                false,
                () -> new Level(
                        heap.usedAfterCollection(),
                        percent("after garbage collection the heap", heap.usedAfterCollection()) + " in use"));
        add("files", MOSTLY, false, () -> {
            double used = (double) Vitals.openFiles() / Vitals.mostFiles();
            return new Level(used, Vitals.openFiles() + " of " + Vitals.mostFiles() + " file handles are open");
        });
        var cpu = new AtomicReference<>(0.0);
        add("cpu", MOSTLY, false, () -> {
            double lately = cpu.updateAndGet(before -> before + (Vitals.cpu() - before) * CPU_WEIGHT);
            return new Level(lately, "the processors were " + Math.round(lately * 100) + " % busy for a minute");
        });
        add("clock", 1, false, () -> {
            Duration ahead = clock.wallAhead();
            return ahead.abs().compareTo(CLOCK_APART) < 0
                    ? Level.NONE
                    : new Level(
                            1,
                            "the system's clock was set and is " + ahead.abs().toSeconds() + " s "
                                    + (ahead.isNegative() ? "behind" : "ahead of")
                                    + " the hub's own, which goes on as it was; a restart takes over the system's");
        });
        return this;
    }

    List<Scarce> things() {
        return List.copyOf(things);
    }

    private void add(String name, double warnFrom, boolean grave, Supplier<Level> reading) {
        things.add(new Scarce(name, warnFrom, grave, reading));
    }

    private static String left(long bytes) {
        return "the disk has " + bytes / 1_000_000 + " MB left";
    }

    private static String percent(String what, double used) {
        return what + " is " + Math.round(used * 100) + " %";
    }
}
