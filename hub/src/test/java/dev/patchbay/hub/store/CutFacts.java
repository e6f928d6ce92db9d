package dev.patchbay.hub.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What one {@link CutClient} has in the store, in order. */
final class CutFacts {
    final List<String> inbox = new ArrayList<>();
    final List<String> history = new ArrayList<>();

    /** Lines of transcripts that were put away; they have no order that could be read back. */
    final Set<String> archived = new TreeSet<>();

    final Map<String, Delivery> deliveries = new LinkedHashMap<>();
    final Map<String, String> notes = new TreeMap<>();
    final List<String> events = new ArrayList<>();

    /** Messages with a dedup key; not compared, but asked for. */
    final List<String> keys = new ArrayList<>();

    /** A delivery as far as it is compared. */
    record Delivery(DeliveryState state, int attempts, int failures, List<String> remoteIds) {
        static final Delivery NEW = new Delivery(DeliveryState.PENDING, 0, 0, List.of());

        Delivery sending(int attempt) {
            return new Delivery(DeliveryState.SENDING, attempt, failures, remoteIds);
        }

        Delivery in(DeliveryState next) {
            return new Delivery(next, attempts, failures, remoteIds);
        }

        Delivery ended(AttemptEnd end) {
            boolean arrived = end.remoteId() != null;
            return new Delivery(
                    end.state(),
                    end.attempts(),
                    failures + (arrived ? 0 : 1),
                    arrived ? List.of(String.valueOf(end.remoteId())) : remoteIds);
        }
    }

    CutFacts copy() {
        var copy = new CutFacts();
        copy.inbox.addAll(inbox);
        copy.history.addAll(history);
        copy.archived.addAll(archived);
        copy.deliveries.putAll(deliveries);
        copy.notes.putAll(notes);
        copy.events.addAll(events);
        copy.keys.addAll(keys);
        return copy;
    }

    void put(StoredNote note) {
        if (note.value().isEmpty()) {
            notes.remove(note.name());
        } else {
            notes.put(note.name(), note.value());
        }
    }

    Delivery delivery(String id) {
        return Objects.requireNonNull(deliveries.get(id), id);
    }

    /** Reads everything, with all bodies. */
    static CutFacts read(Store store, String name, Set<String> lineIds) throws InterruptedException {
        var found = new CutFacts();
        String session = Samples.session(name);
        for (InboundRef each : store.pendingInbound(0, 1_000)) {
            if (each.sessionKey().equals(session)) {
                byte[] body = store.inbound(each.messageId()).orElseThrow().body();
                found.inbox.add(told(each.messageId(), body));
            }
        }
        for (StoredLine line : store.history(session, 1_000, Optional.empty()).items()) {
            found.history.add(told(line));
        }
        for (String id : lineIds) {
            if (!found.history.contains(id)) {
                store.line(id).ifPresent(line -> found.archived.add(told(line)));
            }
        }
        readDeliveries(store, name, found);
        store.notes("scope/" + name).forEach(found::put);
        long seq = 0;
        for (Happening each : store.happenings(0, 1_000)) {
            if (each.seq() <= seq) {
                throw new AssertionError("place " + each.seq() + " after place " + seq);
            }
            seq = each.seq();
            if (each instanceof Happening.Event event && event.type().startsWith("e-" + name + "-")) {
                found.events.add(event.type());
            }
        }
        return found;
    }

    private static void readDeliveries(Store store, String name, CutFacts found) throws InterruptedException {
        var filter = new DeliveryFilter(
                Set.of(), Optional.empty(), Optional.of(name), Optional.empty(), Optional.empty(), Optional.empty());
        var counted = new EnumMap<DeliveryState, Long>(DeliveryState.class);
        for (StoredDelivery each :
                store.deliveries(filter, 1_000, Optional.empty()).items().reversed()) {
            String id = each.ref().deliveryId();
            StoredDelivery whole = store.delivery(id).orElseThrow();
            found.deliveries.put(
                    told(id, whole.body()),
                    new Delivery(
                            each.ref().state(),
                            each.ref().attempts(),
                            store.attempts(id).size(),
                            each.remoteIds()));
            counted.merge(each.ref().state(), 1L, Long::sum);
        }
        for (DeliveryCount count : store.deliveryCounts()) {
            if (count.accountId().equals(name) && !Objects.equals(counted.remove(count.state()), count.count())) {
                throw new AssertionError("counted otherwise than they are: " + count);
            }
        }
        if (!counted.isEmpty()) {
            throw new AssertionError("not counted: " + counted);
        }
    }

    private static String told(StoredLine line) {
        boolean right = line.role().equals("user")
                ? Arrays.equals(Samples.bytes(line.content()), CutClient.body(line.lineId()))
                : line.content().equals("answer to " + line.metadata().get("reply_to"));
        return right ? line.lineId() : line.lineId() + " with another content";
    }

    private static String told(String id, byte[] body) {
        return Arrays.equals(body, CutClient.body(id)) ? id : id + " with another body";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CutFacts facts && parts().equals(facts.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }

    /** Only where it differs from another. */
    String beside(CutFacts other) {
        var text = new StringBuilder();
        Map<String, Object> others = other.parts();
        parts().forEach((name, part) -> {
            if (!part.equals(others.get(name))) {
                text.append(name).append(' ').append(part).append(' ');
            }
        });
        return text.toString();
    }

    private Map<String, Object> parts() {
        var parts = new LinkedHashMap<String, Object>();
        parts.put("inbox", inbox);
        parts.put("history", history);
        parts.put("archived", archived);
        parts.put("deliveries", List.copyOf(deliveries.entrySet()));
        parts.put("notes", notes);
        parts.put("events", events);
        return parts;
    }
}
