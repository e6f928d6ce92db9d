package dev.patchbay.hub.store;

import dev.patchbay.hub.metrics.Meters;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/** The life of one disk, with many power cuts, from one seed. */
final class PowerCutRound {
    static final int CUTS = 10;

    private final long seed;
    private final Random random;
    private final List<CutClient> clients = new ArrayList<>();
    private final Tally tally;
    private PowerCutDisk disk;
    private String lastCut = "none";

    /** What many rounds have seen. */
    static final class Tally {
        long cuts;
        long whileOpening;
        long whileWriting;
        long whileClosing;
        long atRest;
        long torn;
        long tornSectors;
        long copies;
        long acknowledged;
        long changes;

        @Override
        public String toString() {
            return ("%,d cuts (%,d while opening, %,d while writing, %,d while closing, %,d at rest; %,d tore what was"
                + " under way, %,d a sector of the mark), %,d starts that copied the file, %,d changes of the disk,"
                + " %,d writes acknowledged")
                    .formatted(
                            cuts,
                            whileOpening,
                            whileWriting,
                            whileClosing,
                            atRest,
                            torn,
                            tornSectors,
                            copies,
                            changes,
                            acknowledged);
        }
    }

    PowerCutRound(long seed, List<PowerCutDisk> templates, Predicate<String> liar, Tally tally) {
        this.seed = seed;
        this.random = PowerCutDisk.chance(seed);
        this.tally = tally;
        PowerCutDisk template = templates.get(random.nextInt(8) == 0 ? random.nextInt(templates.size()) : 0);
        this.disk = template.copy(random, liar);
        int count = random.nextInt(3) == 0 ? 4 : 1;
        for (int i = 0; i < count; i++) {
            clients.add(new CutClient("c" + i, count == 1, new Random(random.nextLong())));
        }
    }

    /** Runs to the end; throws an AssertionError that names the seed if something is not as it must be. */
    void run() throws InterruptedException {
        for (int cut = 1; cut <= CUTS; cut++) {
            disk.cutAtChange(1 + random.nextInt(random.nextInt(5) == 0 ? 12 : 200));
            String name = PowerCutFilePath.mount(disk);
            try {
                live(name);
            } catch (RuntimeException | AssertionError wrong) {
                throw new AssertionError(
                        "seed " + seed + ", after cut " + (cut - 1) + " (" + lastCut
                                + "), again with scripts/power-cuts --cuts 1 --seed " + seed + ": "
                                + wrong.getMessage(),
                        wrong);
            } finally {
                PowerCutFilePath.unmount(name);
            }
            tally.cuts++;
            tally.changes += disk.changes();
            if (disk.created().contains("/data/hub.mv.db.copying")) {
                tally.copies++;
            }
            PowerCutDisk after = disk.afterwards();
            if (disk.hasTorn()) {
                tally.torn++;
            }
            tally.tornSectors += disk.tornSectors();
            lastCut = disk.lastChange();
            disk = after;
        }
        clients.forEach(client -> tally.acknowledged += client.acknowledged());
    }

    private void live(String name) throws InterruptedException {
        Store store;
        try {
            store = open(disk, name);
        } catch (RuntimeException refused) {
            if (!disk.isOff()) {
                throw refused;
            }
            tally.whileOpening++;
            return;
        }
        try {
            if (judge(store)) {
                write(store);
            }
            if (disk.isOff()) {
                tally.whileWriting++;
            }
        } finally {
            boolean before = disk.isOff();
            if (!before && random.nextInt(4) > 0) {
                disk.cutAtChange(1 + random.nextInt(6));
            }
            close(store);
            if (!before) {
                if (disk.isOff()) {
                    tally.whileClosing++;
                } else {
                    tally.atRest++;
                }
            }
        }
    }

    /** False if the power went off meanwhile. */
    private boolean judge(Store store) throws InterruptedException {
        try {
            for (CutClient client : clients) {
                Optional<String> wrong = client.judge(store);
                if (wrong.isPresent()) {
                    throw new AssertionError(wrong.get());
                }
            }
            if (store.status().damaged() != 0) {
                throw new AssertionError(store.status().damaged() + " records are damaged");
            }
            return true;
        } catch (StoreException noPower) {
            if (!disk.isOff()) {
                throw noPower;
            }
            return false;
        }
    }

    private void write(Store store) throws InterruptedException {
        int steps = 1 + random.nextInt(60);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (CutClient client : clients) {
                running.add(threads.submit(() -> {
                    for (int i = 0; i < steps; i++) {
                        client.step(store);
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                try {
                    each.get();
                } catch (ExecutionException failed) {
                    if (!(failed.getCause() instanceof StoreException && disk.isOff())) {
                        throw new AssertionError(String.valueOf(failed.getCause()), failed.getCause());
                    }
                }
            }
        }
    }

    private void close(Store store) {
        try {
            store.close();
        } catch (RuntimeException noPower) {
            if (!disk.isOff()) {
                throw noPower;
            }
        }
    }

    /** Without H2's own log, which would only tell of the cuts. */
    static String url(String name) {
        return "cut:" + name + "/data/hub;TRACE_LEVEL_FILE=0";
    }

    static H2Store open(PowerCutDisk disk, String name) {
        var options = new StoreOptions("jdbc:h2:" + url(name), disk.files().getPath(name + "/data"), 0, 256, 1);
        var clock = Clock.fixed(Samples.NOON, ZoneOffset.UTC);
        return H2Store.open(options, clock, Meters.NONE, new H2Database(options), () -> Long.MAX_VALUE);
    }
}
