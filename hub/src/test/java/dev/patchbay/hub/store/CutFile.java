package dev.patchbay.hub.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A file on a {@link PowerCutDisk}: what readers see, what is on the platter, and how each sector came from one to the other. */
final class CutFile implements PowerCutDisk.Node {
    private static final int SECTOR = 512;

    private final String path;
    private byte[] now;
    private int length;
    private byte[] durable;
    private int durableLength;

    /** Number of the latest change since the last force. */
    private int change;

    private final SortedMap<Integer, List<Version>> sectors = new TreeMap<>();
    private final List<int[]> lengths = new ArrayList<>();
    private FileTime modified = FileTime.fromMillis(0);

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Version(int change, byte[] bytes) {}

    CutFile(String path, byte[] content) {
        this.path = path;
        this.length = content.length;
        this.durableLength = content.length;
        // Whole sectors, so that each can be copied as one.
        this.now = Arrays.copyOf(content, (content.length + SECTOR - 1) / SECTOR * SECTOR);
        this.durable = now.clone();
    }

    String path() {
        return path;
    }

    int length() {
        return length;
    }

    FileTime modified() {
        return modified;
    }

    /** Times are no promise of ours: they are simply there. */
    void modified(FileTime at) {
        modified = at;
    }

    int read(PowerCutDisk disk, ByteBuffer into, long position) throws IOException {
        synchronized (disk) {
            disk.requirePower();
            if (position >= length) {
                return into.hasRemaining() ? -1 : 0;
            }
            int count = (int) Math.min(into.remaining(), length - position);
            into.put(now, (int) position, count);
            return count;
        }
    }

    int write(PowerCutDisk disk, ByteBuffer from, long position) throws IOException {
        synchronized (disk) {
            disk.requirePower();
            int at = Math.toIntExact(position);
            int count = from.remaining();
            change++;
            grow(at + count);
            from.get(now, at, count);
            if (at + count > length) {
                length = at + count;
                lengths.add(new int[] {change, length});
            }
            remember(at, at + count);
            disk.changed("write", path);
            return count;
        }
    }

    void truncate(PowerCutDisk disk, long size) throws IOException {
        synchronized (disk) {
            disk.requirePower();
            if (size < length) {
                change++;
                int end = length;
                length = (int) size;
                Arrays.fill(now, length, end, (byte) 0);
                lengths.add(new int[] {change, length});
                remember(length, end);
            }
            disk.changed("truncate", path);
        }
    }

    void force(PowerCutDisk disk) throws IOException {
        synchronized (disk) {
            disk.changed("force", path);
            if (disk.lies(path)) {
                return;
            }
            if (durable.length < now.length) {
                durable = Arrays.copyOf(durable, now.length);
            }
            for (int sector : sectors.keySet()) {
                System.arraycopy(now, sector * SECTOR, durable, sector * SECTOR, SECTOR);
            }
            durableLength = length;
            sectors.clear();
            lengths.clear();
            change = 0;
        }
    }

    /** What was forced. */
    byte[] forced() {
        return Arrays.copyOf(durable, durableLength);
    }

    /** What a cut leaves. */
    byte[] survivor(PowerCutDisk.Fate fate, boolean tears) {
        int end = durableLength;
        if (!lengths.isEmpty() && fate.oneOfTwo()) {
            end = lengths.get(fate.oneOfTwo() ? lengths.size() - 1 : fate.below(lengths.size()))[1];
        }
        byte[] left = Arrays.copyOf(durable, Math.max(now.length, durable.length));
        int block = -1;
        int moment = 0;
        for (var each : sectors.entrySet()) {
            int sector = each.getKey();
            if (sector / fate.sectorsTogether != block) {
                block = sector / fate.sectorsTogether;
                moment = fate.moment(change);
            }
            for (Version version : each.getValue()) {
                if (version.change() <= moment) {
                    System.arraycopy(version.bytes(), 0, left, sector * SECTOR, SECTOR);
                }
            }
            if (tears && fate.oneOfTwo()) {
                tear(left, sector, fate);
            }
        }
        return Arrays.copyOf(left, end);
    }

    /** The beginning of the sector is new, the rest is old, among that which differs. */
    private void tear(byte[] left, int sector, PowerCutDisk.Fate fate) {
        int start = sector * SECTOR;
        byte[] old = Arrays.copyOfRange(durable, Math.min(start, durable.length), start + SECTOR);
        int first = Arrays.mismatch(old, 0, SECTOR, now, start, start + SECTOR);
        int last = SECTOR - 1;
        while (last > first && old[last] == now[start + last]) {
            last--;
        }
        if (first >= 0 && last > first) {
            int at = first + fate.tear(last - first + 1);
            System.arraycopy(now, start, left, start, at);
            System.arraycopy(old, at, left, start + at, SECTOR - at);
        }
    }

    private void remember(int from, int to) {
        for (int sector = from / SECTOR; sector * SECTOR < to; sector++) {
            sectors.computeIfAbsent(sector, _ -> new ArrayList<>())
                    .add(new Version(change, Arrays.copyOfRange(now, sector * SECTOR, (sector + 1) * SECTOR)));
        }
    }

    private void grow(int needed) {
        if (needed > now.length) {
            int sectorsNeeded = (Math.max(needed, now.length + now.length / 2) + SECTOR - 1) / SECTOR;
            now = Arrays.copyOf(now, sectorsNeeded * SECTOR);
        }
    }
}
