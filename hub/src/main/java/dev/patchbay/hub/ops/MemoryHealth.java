package dev.patchbay.hub.ops;

import dev.patchbay.hub.memory.HeapState;
import java.util.Map;

/** The heap: when too little of it is left after a collection, nothing new is taken. */
public final class MemoryHealth implements HealthSource {
    private final HeapState heap;

    public MemoryHealth(HeapState heap) {
        this.heap = heap;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public HealthPart check() {
        Runtime runtime = Runtime.getRuntime();
        Map<String, Object> facts = Map.of(
                "heap_used_bytes",
                runtime.totalMemory() - runtime.freeMemory(),
                "heap_max_bytes",
                runtime.maxMemory(),
                "refusing",
                heap.isTight());
        return heap.isTight()
                ? new HealthPart(
                        HealthStatus.DEGRADED,
                        "memory is short, and nothing new is taken until garbage collection has made room",
                        facts)
                : HealthPart.ok(facts);
    }
}
