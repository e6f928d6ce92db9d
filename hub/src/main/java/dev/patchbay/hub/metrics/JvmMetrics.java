package dev.patchbay.hub.metrics;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.function.ToDoubleFunction;

/**
 * The JVM's own values, under the names and with the scope that Helidon 4.2 gives them. Read when asked for: loading the
 * platform beans costs more than all the rest of the metrics.
 */
final class JvmMetrics {
    private static final String SCOPE = "scope=\"base\"";

    private JvmMetrics() {}

    static void write(Page page) {
        memory(page);
        threads(page);
        classes(page);
        collectors(page, "gc_total", "Collections so far.", collector -> (double) collector.getCollectionCount());
        collectors(
                page,
                "gc_time_seconds_total",
                "Time spent in collections.",
                collector -> (double) collector.getCollectionTime() / 1e3);
        var machine = ManagementFactory.getOperatingSystemMXBean();
        gauge(page, "cpu_availableProcessors", "Processors the JVM may use.", machine.getAvailableProcessors());
        gauge(
                page,
                "cpu_systemLoadAverage",
                "Load of the last minute; below 0 if unknown.",
                machine.getSystemLoadAverage());
        double uptime = (double) ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
        gauge(page, "jvm_uptime_seconds", "Time since the JVM started.", uptime);
    }

    private static void memory(Page page) {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        gauge(page, "memory_usedHeap_bytes", "Heap in use.", heap.getUsed());
        gauge(page, "memory_committedHeap_bytes", "Heap taken from the system.", heap.getCommitted());
        gauge(page, "memory_maxHeap_bytes", "Most heap there may be; -1 if without limit.", heap.getMax());
    }

    private static void threads(Page page) {
        var threads = ManagementFactory.getThreadMXBean();
        gauge(page, "thread_count", "Platform threads alive.", threads.getThreadCount());
        gauge(page, "thread_daemon_count", "Daemon threads alive.", threads.getDaemonThreadCount());
        gauge(page, "thread_max_count", "Most platform threads at once.", threads.getPeakThreadCount());
        gauge(page, "thread_starts", "Platform threads started so far.", threads.getTotalStartedThreadCount());
    }

    private static void classes(Page page) {
        var classes = ManagementFactory.getClassLoadingMXBean();
        gauge(page, "classloader_loadedClasses_count", "Classes loaded now.", classes.getLoadedClassCount());
        counter(page, "classloader_loadedClasses_total", "Classes loaded so far.", classes.getTotalLoadedClassCount());
        counter(page, "classloader_unloadedClasses_total", "Classes unloaded so far.", classes.getUnloadedClassCount());
    }

    private static void collectors(
            Page page, String name, String help, ToDoubleFunction<GarbageCollectorMXBean> value) {
        page.family(name, "counter", help);
        for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            String labels = Page.with(Page.with("", "name", collector.getName()), "scope", "base");
            page.sample(name, labels, value.applyAsDouble(collector));
        }
    }

    private static void gauge(Page page, String name, String help, double value) {
        page.family(name, "gauge", help);
        page.sample(name, SCOPE, value);
    }

    private static void gauge(Page page, String name, String help, long value) {
        page.family(name, "gauge", help);
        page.sample(name, SCOPE, value);
    }

    private static void counter(Page page, String name, String help, long value) {
        page.family(name, "counter", help);
        page.sample(name, SCOPE, value);
    }
}
