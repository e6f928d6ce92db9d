package dev.patchbay.hub.store;

import static dev.patchbay.hub.store.Samples.NOON;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who writes to a store, one thing after the other, and knows what must be there afterwards: what was acknowledged, and of
 * the one write under way all or nothing.
 */
final class CutClient {
    private final String name;
    private final boolean alone;
    private final Random random;
    private final Set<String> lineIds = new LinkedHashSet<>();
    private CutFacts sure = new CutFacts();
    private @Nullable CutFacts maybe;
    private int numbers;
    private long acknowledged;

    private interface Write {
        void run() throws InterruptedException;
    }

    /** @param alone nobody else writes, so that what concerns everybody can be foretold */
    CutClient(String name, boolean alone, Random random) {
        this.name = name;
        this.alone = alone;
        this.random = random;
    }

    long acknowledged() {
        return acknowledged;
    }

    /** Compares; the answer is empty if all is as it must be. From here on what was found is what is sure. */
    Optional<String> judge(Store store) throws InterruptedException {
        CutFacts found = CutFacts.read(store, name, lineIds);
        CutFacts possible = maybe;
        maybe = null;
        if (found.equals(sure)) {
            return Optional.empty();
        }
        if (possible != null && found.equals(possible)) {
            sure = possible;
            return Optional.empty();
        }
        return Optional.of("client " + name + "\n  acknowledged: " + sure.beside(found) + "\n  under way:    "
                + (possible == null ? "nothing" : possible.beside(sure)) + "\n  found:        " + found.beside(sure));
    }

    /** Writes one thing. */
    void step(Store store) throws InterruptedException {
        int dice = random.nextInt(100);
        if (dice < 26) {
            accept(store);
        } else if (dice < 46) {
            completeTurn(store);
        } else if (dice < 54) {
            enqueue(store);
        } else if (dice < 66) {
            attemptStarted(store);
        } else if (dice < 80) {
            attemptEnded(store);
        } else if (dice < 88) {
            keep(store);
        } else if (dice < 90) {
            repeat(store);
        } else if (dice < 92) {
            redrive(store);
        } else if (dice < 94) {
            forget(store);
        } else if (dice < 97) {
            event(store);
        } else {
            prune(store);
        }
    }

    private void write(CutFacts next, Write write) throws InterruptedException {
        maybe = next;
        write.run();
        sure = next;
        maybe = null;
        acknowledged++;
    }

    private void accept(Store store) throws InterruptedException {
        String id = id("m");
        CutFacts next = sure.copy();
        next.inbox.add(id);
        Optional<DedupKey> key = random.nextInt(3) == 0 ? Optional.of(Samples.key(id, id)) : Optional.empty();
        key.ifPresent(_ -> next.keys.add(id));
        Optional<StoredNote> note = random.nextInt(4) == 0 ? Optional.of(note()) : Optional.empty();
        note.ifPresent(next::put);
        var message = new NewInbound(id, Samples.session(name), "main", "webhook", key, body(id), NOON);
        write(next, () -> store.accept(message, note));
    }

    private void completeTurn(Store store) throws InterruptedException {
        if (sure.inbox.isEmpty()) {
            accept(store);
            return;
        }
        String id = sure.inbox.get(random.nextInt(sure.inbox.size()));
        boolean archives = random.nextInt(8) == 0;
        CutFacts next = sure.copy();
        next.inbox.remove(id);
        var deliveries = new ArrayList<NewDelivery>();
        for (int i = random.nextInt(3); i > 0; i--) {
            String delivery = id("d");
            deliveries.add(new NewDelivery(
                    delivery, lane(), id, Samples.session(name), body(delivery), 1, NOON, NOON.plusSeconds(9_999)));
            next.deliveries.put(delivery, CutFacts.Delivery.NEW);
        }
        Optional<StoredNote> note = random.nextInt(4) == 0 ? Optional.of(note()) : Optional.empty();
        note.ifPresent(next::put);
        var lines = List.of(
                new NewLine(id, "user", new String(body(id), StandardCharsets.US_ASCII), NOON, Map.of()),
                new NewLine(id + "-a", "assistant", "answer to " + id, NOON, Map.of("reply_to", id)));
        lines.forEach(line -> {
            next.history.add(line.lineId());
            lineIds.add(line.lineId());
        });
        if (archives) {
            next.archived.addAll(next.history);
            next.history.clear();
        }
        var turn = new TurnEnd(id, Samples.identity(name), lines, deliveries, note, archives);
        write(next, () -> store.completeTurn(turn));
    }

    private void enqueue(Store store) throws InterruptedException {
        String id = id("d");
        CutFacts next = sure.copy();
        next.deliveries.put(id, CutFacts.Delivery.NEW);
        var delivery = new NewDelivery(id, lane(), null, null, body(id), 2, NOON, NOON.plusSeconds(9_999));
        Optional<DedupKey> key = random.nextBoolean() ? Optional.of(Samples.key(id, id)) : Optional.empty();
        write(next, () -> store.enqueue(delivery, key));
    }

    private void attemptStarted(Store store) throws InterruptedException {
        Optional<String> id = oldest(DeliveryState.PENDING);
        if (id.isEmpty()) {
            enqueue(store);
            return;
        }
        CutFacts next = sure.copy();
        CutFacts.Delivery before = next.delivery(id.get());
        int attempt = before.attempts() + 1;
        next.deliveries.put(id.get(), before.sending(attempt));
        write(next, () -> store.attemptStarted(id.get(), attempt, false, NOON));
    }

    private void attemptEnded(Store store) throws InterruptedException {
        Optional<String> id = oldest(DeliveryState.SENDING);
        if (id.isEmpty()) {
            attemptStarted(store);
            return;
        }
        CutFacts next = sure.copy();
        CutFacts.Delivery before = next.delivery(id.get());
        DeliveryState state =
                switch (random.nextInt(5)) {
                    case 0 -> DeliveryState.PENDING;
                    case 1 -> DeliveryState.DEAD;
                    default -> DeliveryState.DELIVERED;
                };
        var end = Samples.end(
                id.get(),
                state,
                before.attempts(),
                switch (state) {
                    case DELIVERED -> "delivered";
                    case DEAD -> "refused";
                    default -> "retry_later";
                });
        next.deliveries.put(id.get(), before.ended(end));
        write(next, () -> store.attemptEnded(end));
    }

    private void keep(Store store) throws InterruptedException {
        StoredNote note = note();
        CutFacts next = sure.copy();
        next.put(note);
        write(next, () -> store.keep(note));
    }

    /** A repeat of what was acknowledged is recognised. */
    private void repeat(Store store) throws InterruptedException {
        if (sure.keys.isEmpty()) {
            accept(store);
            return;
        }
        String id = sure.keys.get(random.nextInt(sure.keys.size()));
        var again = new NewInbound(
                id("r"), Samples.session(name), "main", "webhook", Optional.of(Samples.key(id, id)), body(id), NOON);
        write(sure, () -> {
            Accepted accepted = store.accept(again);
            if (!accepted.duplicate() || !accepted.messageId().equals(id)) {
                throw new AssertionError("client " + name + ": the repeat of " + id + " was taken for new");
            }
        });
    }

    private void redrive(Store store) throws InterruptedException {
        Optional<String> id = oldest(DeliveryState.DEAD);
        if (id.isEmpty()) {
            attemptEnded(store);
            return;
        }
        CutFacts next = sure.copy();
        if (random.nextBoolean()) {
            next.deliveries.put(id.get(), next.delivery(id.get()).in(DeliveryState.PENDING));
            write(next, () -> store.redrive(List.of(id.get()), NOON));
        } else {
            next.deliveries.put(id.get(), next.delivery(id.get()).in(DeliveryState.DISCARDED));
            write(next, () -> store.end(List.of(id.get()), DeliveryState.DISCARDED, "no more", NOON));
        }
    }

    private void forget(Store store) throws InterruptedException {
        CutFacts next = sure.copy();
        next.history.clear();
        if (random.nextBoolean()) {
            write(next, () -> store.clearSession(Samples.session(name), NOON));
        } else {
            next.archived.clear();
            write(next, () -> store.deleteSession(Samples.session(name)));
        }
    }

    private void event(Store store) throws InterruptedException {
        String type = id("e");
        CutFacts next = sure.copy();
        next.events.add(type);
        write(next, () -> store.appendEvent(type, Map.of("of", name), NOON));
    }

    private void prune(Store store) throws InterruptedException {
        CutFacts next = sure.copy();
        Duration age = alone ? Duration.ZERO : Duration.ofDays(1);
        if (alone) {
            next.deliveries.values().removeIf(each -> !each.state().isOpen());
            next.events.clear();
        }
        write(next, () -> store.prune(new Retention(age, age, age), NOON.plusSeconds(900)));
    }

    private Optional<String> oldest(DeliveryState state) {
        return sure.deliveries.entrySet().stream()
                .filter(each -> each.getValue().state() == state)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private StoredNote note() {
        String value = random.nextInt(6) == 0 ? "" : id("value") + "x".repeat(random.nextInt(400));
        return new StoredNote("scope/" + name, "note" + random.nextInt(12), value);
    }

    private LaneKey lane() {
        return new LaneKey("webhook", name, "direct", "anna", null);
    }

    private String id(String kind) {
        return kind + "-" + name + "-" + numbers++;
    }

    /** The same for the same id: mostly short, sometimes so large that it fills chunks of its own. */
    static byte[] body(String id) {
        int hash = Math.floorMod(id.hashCode() * 0x9E3779B9, 100);
        int bytes = hash < 80 ? 50 + hash * 20 : hash < 97 ? hash * 150 : 90_000;
        byte[] body = new byte[bytes];
        Arrays.fill(body, (byte) ('a' + hash % 26));
        byte[] start = Samples.bytes(id);
        System.arraycopy(start, 0, body, 0, start.length);
        return body;
    }
}
