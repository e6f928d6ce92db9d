package dev.patchbay.hub.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory whose power goes off at the n-th change. What was forced is there afterwards; of everything else chance decides,
 * sector by sector: each is as it was, as it was meant to become, or something that it was in between; lengths, new names and
 * renamings likewise. Safe for many threads; after the cut nothing works any more, {@link #afterwards} is the disk as it is found.
 */
public final class PowerCutDisk {
    private final Random random;
    private final Predicate<String> liar;
    private final CutFolder root;
    private final List<Renaming> namesInFlight = new ArrayList<>();
    private final Set<String> created = new LinkedHashSet<>();
    private Predicate<String> tears = path -> false;
    private final FileSystem files = new CutFiles(this);
    private long changesLeft = Long.MAX_VALUE;
    private long changes;
    private @Nullable PowerCutDisk after;
    private boolean torn;
    private int tornSectors;
    private String lastChange = "nothing";

    /** What a name leads to. */
    sealed interface Node permits CutFile, CutFolder {}

    /** A folder: its names as they are, and as they are on the platter. */
    static final class CutFolder implements Node {
        final TreeMap<String, Node> names = new TreeMap<>();
        final TreeMap<String, Node> durable = new TreeMap<>();
    }

    /** One change of one name. */
    private record Naming(
            CutFolder folder, String name, @Nullable Node node) {}

    /** Changes of names that happen together or not at all. */
    private record Renaming(List<Naming> steps) {}

    /** No operation works without power. */
    static final class PowerIsOff extends IOException {
        private static final long serialVersionUID = 1L;

        PowerIsOff() {
            super("the power is off");
        }
    }

    private PowerCutDisk(CutFolder root, Random random, Predicate<String> liar) {
        this.root = root;
        this.random = random;
        this.liar = liar;
    }

    /** Chance from a seed; consecutive seeds of Java's own begin with nearly the same numbers. */
    public static Random chance(long seed) {
        return new Random(new SplittableRandom(seed).nextLong());
    }

    /** An empty one. */
    public static PowerCutDisk empty(Random random) {
        return new PowerCutDisk(new CutFolder(), random, path -> false);
    }

    /** A copy of what is on the platter, with a chance of its own; where {@code liar} says so, force does nothing. */
    PowerCutDisk copy(Random other, Predicate<String> otherLiar) {
        return new PowerCutDisk(copyOf(root, "", CutFile::forced), other, otherLiar).tearing(tears);
    }

    /** From now on a sector of these files, if it was under way, may be left half as it was and half as it was to become. */
    PowerCutDisk tearing(Predicate<String> paths) {
        tears = paths;
        return this;
    }

    /** Its files. The first folder of a path may have any name. */
    public FileSystem files() {
        return files;
    }

    /** The power goes off with the n-th change from now on; 1 is the next. */
    public synchronized void cutAtChange(long n) {
        changesLeft = n;
    }

    public synchronized boolean isOff() {
        return after != null;
    }

    /** Changes so far; a force counts. */
    public synchronized long changes() {
        return changes;
    }

    /** What the cut met. */
    public synchronized String lastChange() {
        return lastChange;
    }

    /** Files that were made since the power is on. */
    synchronized Set<String> created() {
        return Set.copyOf(created);
    }

    /** Whether the cut kept a part of what was under way and lost another. */
    synchronized boolean hasTorn() {
        return torn;
    }

    /** Cuts the power, if it is still there; the disk as it is found when the power is back. */
    public synchronized PowerCutDisk afterwards() {
        if (after == null) {
            lastChange = "rest";
            cut();
        }
        return Objects.requireNonNull(after);
    }

    /** How many sectors the cut left half as they were, where {@link #tearing} allows it. */
    synchronized int tornSectors() {
        return tornSectors;
    }

    // ---- names

    synchronized Node find(List<String> path) throws IOException {
        requirePower();
        Node at = root;
        for (String name : path) {
            at = at instanceof CutFolder folder ? folder.names.get(name) : null;
            if (at == null) {
                throw new NoSuchFileException("/" + String.join("/", path));
            }
        }
        return at;
    }

    synchronized CutFile create(List<String> path) throws IOException {
        var file = new CutFile("/" + String.join("/", path), new byte[0]);
        created.add(file.path());
        rename(path, "create", new Naming(parent(path), path.getLast(), file));
        return file;
    }

    synchronized void createFolder(List<String> path) throws IOException {
        CutFolder parent = parent(path);
        if (path.isEmpty() || parent.names.containsKey(path.getLast())) {
            throw new FileAlreadyExistsException("/" + String.join("/", path));
        }
        rename(path, "mkdir", new Naming(parent, path.getLast(), new CutFolder()));
    }

    synchronized void delete(List<String> path) throws IOException {
        find(path);
        rename(path, "delete", new Naming(parent(path), path.getLast(), null));
    }

    synchronized void move(List<String> from, List<String> to) throws IOException {
        Node node = find(from);
        rename(to, "move", new Naming(parent(from), from.getLast(), null), new Naming(parent(to), to.getLast(), node));
    }

    synchronized void forceFolder(List<String> path) throws IOException {
        CutFolder folder = (CutFolder) find(path);
        changed("force folder", "/" + String.join("/", path));
        if (liar.test("/" + String.join("/", path))) {
            return;
        }
        for (Renaming each : List.copyOf(namesInFlight)) {
            if (each.steps().stream().anyMatch(step -> step.folder() == folder)) {
                each.steps().forEach(PowerCutDisk::settle);
                namesInFlight.remove(each);
            }
        }
    }

    synchronized Set<String> list(List<String> path) throws IOException {
        if (!(find(path) instanceof CutFolder folder)) {
            throw new NotDirectoryException("/" + String.join("/", path));
        }
        return new LinkedHashSet<>(folder.names.keySet());
    }

    private void rename(List<String> path, String what, Naming... steps) throws IOException {
        for (Naming step : steps) {
            if (step.node() == null) {
                step.folder().names.remove(step.name());
            } else {
                step.folder().names.put(step.name(), step.node());
            }
        }
        namesInFlight.add(new Renaming(List.of(steps)));
        changed(what, "/" + String.join("/", path));
    }

    private static void settle(Naming step) {
        if (step.node() == null) {
            step.folder().durable.remove(step.name());
        } else {
            step.folder().durable.put(step.name(), step.node());
        }
    }

    private CutFolder parent(List<String> path) throws IOException {
        if (path.isEmpty() || !(find(path.subList(0, path.size() - 1)) instanceof CutFolder folder)) {
            throw new NoSuchFileException("/" + String.join("/", path));
        }
        return folder;
    }

    // ---- the cut

    synchronized void requirePower() throws PowerIsOff {
        if (after != null) {
            throw new PowerIsOff();
        }
    }

    /** Counts a change that has reached the disk's memory; a force that has not done its work yet. */
    synchronized void changed(String what, String path) throws PowerIsOff {
        requirePower();
        changes++;
        changesLeft--;
        if (changesLeft == 0) {
            lastChange = what + " " + path;
            cut();
            throw new PowerIsOff();
        }
    }

    boolean lies(String path) {
        return liar.test(path);
    }

    private void cut() {
        for (Renaming each : namesInFlight) {
            if (random.nextBoolean()) {
                each.steps().forEach(PowerCutDisk::settle);
            }
        }
        Fate fate = new Fate(random);
        CutFolder left = copyOf(root, "", file -> file.survivor(fate, tears.test(file.path())));
        after = new PowerCutDisk(left, random, liar).tearing(tears);
        torn = fate.hasTorn();
        tornSectors = fate.tornSectors;
    }

    private interface Survival {
        byte[] of(CutFile file);
    }

    private static CutFolder copyOf(CutFolder folder, String path, Survival survival) {
        var copy = new CutFolder();
        folder.durable.forEach((name, node) -> {
            Node left =
                    switch (node) {
                        case CutFolder inner -> copyOf(inner, path + "/" + name, survival);
                        case CutFile file -> new CutFile(path + "/" + name, survival.of(file));
                    };
            copy.names.put(name, left);
            copy.durable.put(name, left);
        });
        return copy;
    }

    /** How this cut treats what is under way: mostly kept, mostly lost, or anything; in sectors of 512 bytes or blocks of 4 KiB. */
    static final class Fate {
        private final Random random;
        private final double lost;
        private final double kept;
        private boolean keptSome;
        private boolean lostSome;
        private int tornSectors;
        final int sectorsTogether;

        Fate(Random random) {
            this.random = random;
            this.sectorsTogether = random.nextBoolean() ? 1 : 8;
            // Extremes are common on purpose: one lost sector among many kept ones is what hurts.
            double[] shares = {0, 0.03, 0.3, 0.7, 0.97, 1};
            double keeps = shares[random.nextInt(shares.length)];
            double between = random.nextInt(3) == 0 ? 0.3 : 0;
            this.kept = keeps * (1 - between);
            this.lost = (1 - keeps) * (1 - between);
        }

        /** A moment between none and all of {@code last} changes: what happened up to it has reached the platter. */
        int moment(int last) {
            double chance = random.nextDouble();
            int moment = chance < lost ? 0 : chance < lost + kept ? last : random.nextInt(last + 1);
            keptSome |= moment > 0;
            lostSome |= moment < last;
            return moment;
        }

        boolean hasTorn() {
            return keptSome && lostSome;
        }

        boolean oneOfTwo() {
            return random.nextBoolean();
        }

        /** Where within a sector the power went off; neither before its first byte nor behind its last. */
        int tear(int bytes) {
            tornSectors++;
            return 1 + random.nextInt(bytes - 1);
        }

        int below(int bound) {
            return random.nextInt(bound);
        }
    }
}
