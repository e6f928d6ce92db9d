package dev.patchbay.hub.store;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a {@link MemoryStore} holds, in sorted maps whose changes can be taken back. Used by one thread at a time. */
final class MemoryTables {
    final TreeMap<Long, StoredInbound> inbox = new TreeMap<>();
    final TreeMap<String, Long> inboxIds = new TreeMap<>();
    final TreeMap<Long, StoredTask> tasks = new TreeMap<>();
    final TreeMap<String, Long> taskIds = new TreeMap<>();
    final MemoryTranscripts.Rows transcripts = new MemoryTranscripts.Rows();
    final MemoryDeliveries.Rows deliveries = new MemoryDeliveries.Rows();
    private final TreeMap<String, Known> dedup = new TreeMap<>();
    private final TreeMap<String, TreeMap<String, String>> notes = new TreeMap<>();
    Optional<String> bindings = Optional.empty();
    long lastSeq;
    long eventsBefore;
    long damaged;

    private long lastPlace;
    private final Deque<Runnable> undo = new ArrayDeque<>();

    /** What was stored under a dedup key. */
    record Known(long place, String id, String fingerprint, Instant storedAt, Instant keepUntil) {}

    /** All of a change, or nothing of it if it throws. */
    <R> R atomically(Supplier<R> change) {
        boolean done = false;
        try {
            R answer = change.get();
            done = true;
            return answer;
        } finally {
            while (!done && !undo.isEmpty()) {
                undo.pop().run();
            }
            undo.clear();
        }
    }

    <K, V> void put(Map<K, V> map, K key, V value) {
        V old = map.put(key, value);
        undo.push(
                old == null
                        ? () -> map.remove(key)
                        : () -> {
                            map.put(key, old);
                        });
    }

    <K, V> void remove(Map<K, V> map, K key) {
        V old = map.remove(key);
        if (old != null) {
            undo.push(() -> map.put(key, old));
        }
    }

    /** A number larger than all before. One that a failed change took stays unused. */
    long nextPlace() {
        return ++lastPlace;
    }

    @Nullable
    Known known(String space, DedupKey key) {
        return dedup.get(space + key.key());
    }

    void remember(String space, DedupKey key, long place, String id, Instant at) {
        put(dedup, space + key.key(), new Known(place, id, key.fingerprint(), micros(at), micros(key.keepUntil())));
    }

    void forgetKeys(Instant now) {
        dedup.values().removeIf(known -> known.keepUntil().isBefore(now));
    }

    /** What a scope remembers, by name. */
    Map<String, String> names(String scope) {
        return notes.computeIfAbsent(scope, any -> new TreeMap<>());
    }

    /** As precise as a store keeps times. */
    static Instant micros(Instant at) {
        return Micros.at(Micros.of(at));
    }
}
