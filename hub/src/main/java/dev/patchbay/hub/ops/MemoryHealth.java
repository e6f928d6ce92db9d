package dev.patchbay.hub.ops;

import java.util.Map;

/** The heap; more than nine tenths in use is trouble ahead. */
public final class MemoryHealth implements HealthSource {
    private static final double HIGH = 0.9;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public HealthPart check() {
        Runtime runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory();
        Map<String, Object> facts = Map.of("heap_used_bytes", used, "heap_max_bytes", runtime.maxMemory());
        return used > runtime.maxMemory() * HIGH
                ? new HealthPart(HealthStatus.DEGRADED, "more than 90 % of the heap is in use", facts)
                : HealthPart.ok(facts);
    }
}
