package dev.patchbay.hub;

import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.backup.BackupSchedule;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.lane.SteadyClock;
import dev.patchbay.hub.memory.HeapGuard;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.ops.Vitals;
import dev.patchbay.hub.store.DeliveryCount;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;

/** Values that are read whenever somebody looks at the metrics. */
final class Gauges {
    private final Meters meters;
    private final Store store;
    private final AttachmentDesk files;
    private final Deliveries deliveries;

    Gauges(Meters meters, Store store, AttachmentDesk files, Deliveries deliveries) {
        this.files = files;
        this.meters = meters;
        this.store = store;
        this.deliveries = deliveries;
    }

    void watch(Collection<String> channels) {
        for (String channel : channels) {
            Map<String, String> label = Map.of("channel", channel);
            meters.gauge("patchbay_queue_depth", label, () -> deliveries.depth(channel));
            meters.gauge(
                    "patchbay_queue_oldest_seconds",
                    label,
                    () -> deliveries.oldest(channel).toMillis() / 1e3);
            meters.gauge("patchbay_dead_letters", label, () -> dead(channel));
        }
        meters.gauge("patchbay_attachment_bytes", Map.of(), files::totalBytes);
        meters.gauge("patchbay_attachments_damaged", Map.of(), files::damaged);
        meters.gauge("patchbay_disk_free_bytes", Map.of(), () -> store.status().freeBytes());
        meters.gauge("patchbay_store_bytes", Map.of(), () -> store.status().bytes());
    }

    void watch(HeapGuard heap, SteadyClock clock) {
        meters.gauge("patchbay_heap_used_after_gc", Map.of(), heap::usedAfterCollection);
        meters.gauge("patchbay_heap_refusing", Map.of(), () -> heap.isTight() ? 1 : 0);
        meters.gauge("patchbay_process_cpu", Map.of(), Vitals::cpu);
        meters.gauge("patchbay_open_files", Map.of(), Vitals::openFiles);
        meters.gauge("patchbay_max_files", Map.of(), Vitals::mostFiles);
        meters.gauge(
                "patchbay_clock_ahead_seconds",
                Map.of(),
                () -> clock.wallAhead().toMillis() / 1e3);
    }

    void watchBackups(BackupSchedule schedule, Clock clock) {
        meters.gauge("patchbay_backup_age_seconds", Map.of(), () -> schedule.standing()
                .lastGood()
                .map(each -> Duration.between(each.manifest().createdAt(), clock.instant())
                                .toMillis()
                        / 1e3)
                .orElse(Double.NaN));
    }

    private double dead(String channel) {
        try {
            return store.deliveryCounts().stream()
                    .filter(each -> each.channel().equals(channel) && each.state() == DeliveryState.DEAD)
                    .mapToLong(DeliveryCount::count)
                    .sum();
        } catch (StoreException unreadable) {
            return Double.NaN;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return Double.NaN;
        }
    }
}
