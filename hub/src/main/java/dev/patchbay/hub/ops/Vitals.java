package dev.patchbay.hub.ops;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.LinkedHashMap;
import java.util.Map;

/** The process in figures. Safe for many threads. */
public final class Vitals {
    private Vitals() {}

    /** In wire names; what the platform does not tell is left out. */
    public static Map<String, Object> read() {
        var facts = new LinkedHashMap<String, Object>();
        Runtime runtime = Runtime.getRuntime();
        facts.put("uptime_ms", ManagementFactory.getRuntimeMXBean().getUptime());
        facts.put("heap_used_bytes", runtime.totalMemory() - runtime.freeMemory());
        facts.put("heap_max_bytes", runtime.maxMemory());
        facts.put("platform_threads", ManagementFactory.getThreadMXBean().getThreadCount());
        facts.put("processors", runtime.availableProcessors());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            put(facts, "process_cpu", system.getProcessCpuLoad());
            put(facts, "system_cpu", system.getCpuLoad());
            facts.put("committed_virtual_bytes", system.getCommittedVirtualMemorySize());
            facts.put("open_files", openFiles());
            facts.put("max_files", mostFiles());
        }
        return facts;
    }

    /** Open files and sockets; 0 where the system does not tell. */
    public static long openFiles() {
        return system() instanceof com.sun.management.UnixOperatingSystemMXBean unix
                ? Math.max(0, unix.getOpenFileDescriptorCount())
                : 0;
    }

    /** How many there may be; {@link Long#MAX_VALUE} where the system does not tell. */
    public static long mostFiles() {
        return system() instanceof com.sun.management.UnixOperatingSystemMXBean unix
                ? Math.max(1, unix.getMaxFileDescriptorCount())
                : Long.MAX_VALUE;
    }

    /** Part of all processors that this process has used lately, from 0 to 1; 0 where the system does not tell. */
    public static double cpu() {
        return system() instanceof com.sun.management.OperatingSystemMXBean each
                ? Math.max(0, each.getProcessCpuLoad())
                : 0;
    }

    private static OperatingSystemMXBean system() {
        return ManagementFactory.getOperatingSystemMXBean();
    }

    private static void put(Map<String, Object> facts, String name, double load) {
        if (load >= 0) {
            facts.put(name, Math.round(load * 1_000) / 1_000.0);
        }
    }
}
