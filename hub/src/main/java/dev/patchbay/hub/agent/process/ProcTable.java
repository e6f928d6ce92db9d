package dev.patchbay.hub.agent.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * All processes of this machine at one moment, from {@code /proc}. Empty on systems that have none.
 *
 * @param entries by process id
 */
record ProcTable(Path proc, Map<Long, Entry> entries) {
    private static final String RESIDENT = "VmRSS:";

    /**
     * One process.
     *
     * @param started in the system's ticks; with the process id the name of a process, since ids are used again
     */
    record Entry(char state, long parent, long group, long session, long started) {

        /** It only waits for somebody to take note of its end. */
        boolean isDead() {
            return state == 'Z' || state == 'X';
        }
    }

    static ProcTable read(Path proc) {
        var entries = new HashMap<Long, Entry>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path each : all) {
                try {
                    long pid = Long.parseLong(each.getFileName().toString());
                    Entry entry = entry(each);
                    if (!entry.isDead()) {
                        entries.put(pid, entry);
                    }
                } catch (IOException | RuntimeException vanished) {
                    // Processes come and go while we look.
                }
            }
        } catch (IOException | RuntimeException none) {
            entries.clear();
        }
        return new ProcTable(proc, entries);
    }

    /** When a process was started; -1 if it has ended, or if that cannot be told. */
    static long started(Path proc, long pid) {
        try {
            Entry entry = entry(proc.resolve(Long.toString(pid)));
            return entry.isDead() ? -1 : entry.started();
        } catch (IOException | RuntimeException unknown) {
            return -1;
        }
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Bytes of a process that are in memory; 0 if it has gone. */
    long residentBytes(long pid) {
        try {
            for (String line : Files.readAllLines(
                    proc.resolve(Long.toString(pid)).resolve("status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(RESIDENT)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
        } catch (IOException | RuntimeException gone) {
            return 0;
        }
        return 0;
    }

    /** {@code 4711 (any (thing) here) S 1 4711 4711 …}: the name ends at the last bracket. */
    private static Entry entry(Path folder) throws IOException {
        String stat = Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new Entry(
                fields[0].charAt(0),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]),
                Long.parseLong(fields[19]));
    }
}
