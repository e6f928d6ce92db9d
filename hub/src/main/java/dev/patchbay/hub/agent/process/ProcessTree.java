package dev.patchbay.hub.agent.process;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A worker's process with all that it has started: its children, theirs, and what has left them but stayed in its process group or
 * session or was seen among them before. What left all of that, unseen, is out of reach. Safe for many threads.
 */
final class ProcessTree {
    private final ProcessHandle root;
    private final Path proc;
    private final long rootStarted;

    /** Who belonged to it at the last look, and since when they run. */
    private Map<Long, Long> members = new HashMap<>();

    ProcessTree(ProcessHandle root, Path proc) {
        this.root = root;
        this.proc = proc;
        this.rootStarted = ProcTable.started(proc, root.pid());
    }

    /** Bytes in memory of all together; -1 if that cannot be told on this system. */
    synchronized long residentBytes(ProcTable table) {
        if (table.isEmpty()) {
            return -1;
        }
        look(table);
        return members.keySet().stream().mapToLong(table::residentBytes).sum();
    }

    /** Asks all of them to end, or makes them; false if there are none left. */
    synchronized boolean end(boolean isForced) {
        ProcTable table = ProcTable.read(proc);
        if (table.isEmpty()) {
            root.descendants().forEach(each -> end(each, isForced));
            return end(root, isForced);
        }
        look(table);
        members.keySet().forEach(pid -> ProcessHandle.of(pid).ifPresent(each -> end(each, isForced)));
        return !members.isEmpty();
    }

    /** Whether anybody of the last look is still there; without looking for others, which costs more. */
    synchronized boolean isAlive() {
        return members.isEmpty()
                ? root.isAlive()
                : members.entrySet().stream()
                        .anyMatch(each -> ProcTable.started(proc, each.getKey()) == each.getValue());
    }

    private void look(ProcTable table) {
        var now = new HashMap<Long, Long>();
        Map<Long, ProcTable.Entry> all = table.entries();
        ProcTable.Entry first = all.get(root.pid());
        boolean isRootThere = first != null && first.started() == rootStarted;
        if (isRootThere) {
            now.put(root.pid(), rootStarted);
        }
        members.forEach((pid, started) -> {
            ProcTable.Entry still = all.get(pid);
            if (still != null && still.started() == started) {
                now.put(pid, started);
            }
        });
        // An id that a group or a session still carries is given to nobody else.
        if (first == null || isRootThere) {
            all.forEach((pid, entry) -> {
                if (entry.group() == root.pid() || entry.session() == root.pid()) {
                    now.put(pid, entry.started());
                }
            });
        }
        Set<Long> parents = new HashSet<>(now.keySet());
        while (!parents.isEmpty()) {
            var found = new HashSet<Long>();
            for (Map.Entry<Long, ProcTable.Entry> each : all.entrySet()) {
                if (parents.contains(each.getValue().parent())
                        && now.putIfAbsent(each.getKey(), each.getValue().started()) == null) {
                    found.add(each.getKey());
                }
            }
            parents = found;
        }
        members = now;
    }

    private static boolean end(ProcessHandle process, boolean isForced) {
        // False for one that has ended already.
        return isForced ? process.destroyForcibly() : process.destroy();
    }
}
