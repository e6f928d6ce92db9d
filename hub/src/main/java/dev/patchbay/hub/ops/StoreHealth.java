package dev.patchbay.hub.ops;

import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoreStatus;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes and syncs: a store that cannot do that lets no message through, whatever it says. */
public final class StoreHealth implements HealthSource {
    private final Store store;

    public StoreHealth(Store store) {
        this.store = store;
    }

    @Override
    public String name() {
        return "store";
    }

    @Override
    public HealthPart check() throws InterruptedException {
        long started = System.nanoTime();
        String trouble = "";
        try {
            store.probe();
        } catch (StoreException down) {
            trouble = String.valueOf(down.getMessage());
        }
        StoreStatus status = store.status();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("kind", status.kind());
        facts.put("bytes", status.bytes());
        facts.put("free_bytes", status.freeBytes());
        facts.put("damaged", status.damaged());
        facts.put("writable", status.writable() && trouble.isEmpty());
        facts.put("probe_ms", (System.nanoTime() - started) / 1_000_000);
        if (!trouble.isEmpty()) {
            return new HealthPart(HealthStatus.DOWN, trouble, facts);
        }
        if (!status.writable()) {
            // What was accepted goes on, only nothing new comes in.
            return new HealthPart(HealthStatus.DEGRADED, status.detail(), facts);
        }
        return status.damaged() > 0
                ? new HealthPart(HealthStatus.DEGRADED, status.damaged() + " damaged records were set aside", facts)
                : HealthPart.ok(facts);
    }
}
