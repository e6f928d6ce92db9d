package dev.patchbay.hub.ops;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/** The process in figures. */
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
        }
        return facts;
    }

    private static void put(Map<String, Object> facts, String name, double load) {
        if (load >= 0) {
            facts.put(name, Math.round(load * 1_000) / 1_000.0);
        }
    }
}
