package dev.patchbay.hub.plugin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Platform threads that a plugin has not ended. They keep all of its classes in memory, and may go on doing what it did. Virtual
 * threads cannot be listed; those of a plugin are not found here.
 */
final class LeftThreads {
    private static final Duration GRACE = Duration.ofSeconds(1);

    private LeftThreads() {}

    /**
     * Those whose class or context class loader is the plugin's: a thread inherits the latter from the thread that makes it, and a
     * plugin's code always runs with its own. Those that still run after a second are interrupted, and named.
     */
    static List<String> of(ClassLoader loader) throws InterruptedException {
        List<Thread> found = find(loader);
        long end = System.nanoTime() + GRACE.toNanos();
        for (Thread each : found) {
            each.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
        found.removeIf(each -> !each.isAlive());
        found.forEach(Thread::interrupt);
        return found.stream().map(Thread::getName).toList();
    }

    private static List<Thread> find(ClassLoader loader) {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        var all = new Thread[root.activeCount() * 2 + 16];
        int count = root.enumerate(all, true);
        var found = new ArrayList<Thread>();
        for (int i = 0; i < count; i++) {
            Thread each = all[i];
            boolean isOurs = each == Thread.currentThread();
            if (!isOurs && (each.getContextClassLoader() == loader || isOf(each.getClass(), loader))) {
                found.add(each);
            }
        }
        return found;
    }

    private static boolean isOf(Class<?> type, ClassLoader loader) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            if (each.getClassLoader() == loader) {
                return true;
            }
        }
        return false;
    }
}
