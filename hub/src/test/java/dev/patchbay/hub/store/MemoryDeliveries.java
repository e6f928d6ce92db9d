package dev.patchbay.hub.store;

import dev.patchbay.hub.tenant.Tenants;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Deliveries of a {@link MemoryStore}. */
final class MemoryDeliveries {
    private static final int STEP = 1_000;
    private static final int ATTEMPTS_KEPT = 100;

    private final MemoryTables tables;
    private final Rows rows;

    /** The maps themselves outlive a reopening. */
    static final class Rows {
        private final TreeMap<Long, Row> deliveries = new TreeMap<>();
        private final TreeMap<String, Long> ids = new TreeMap<>();
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Row(
            DeliveryRef ref,
            @Nullable String messageId,
            @Nullable String sessionKey,
            byte[] body,
            @Nullable String lastError,
            @Nullable Instant attemptStartedAt,
            @Nullable Instant endedAt,
            List<String> remoteIds,
            List<AttemptEnd> failures) {

        StoredDelivery stored() {
            return new StoredDelivery(
                    ref,
                    messageId,
                    sessionKey,
                    body.clone(),
                    lastError,
                    attemptStartedAt,
                    ref.state() == DeliveryState.DELIVERED ? endedAt : null,
                    remoteIds);
        }

        boolean is(DeliveryState state) {
            return ref.state() == state;
        }
    }

    MemoryDeliveries(MemoryTables tables) {
        this.tables = tables;
        this.rows = tables.deliveries;
    }

    Enqueued enqueue(NewDelivery delivery, Optional<DedupKey> dedup) {
        MemoryTables.Known known = dedup.isEmpty() ? null : tables.known("d:", dedup.get());
        if (known != null) {
            boolean same = known.fingerprint().equals(dedup.orElseThrow().fingerprint());
            return new Enqueued(known.place(), known.id(), known.storedAt(), true, same);
        }
        long place = insert(delivery);
        dedup.ifPresent(key -> tables.remember("d:", key, place, delivery.deliveryId(), delivery.createdAt()));
        return new Enqueued(place, delivery.deliveryId(), delivery.createdAt(), false, true);
    }

    long insert(NewDelivery delivery) {
        if (rows.ids.containsKey(delivery.deliveryId())) {
            throw conflict("delivery " + delivery.deliveryId() + " exists");
        }
        long place = tables.nextPlace();
        Instant createdAt = MemoryTables.micros(delivery.createdAt());
        var ref = new DeliveryRef(
                place,
                delivery.deliveryId(),
                delivery.lane(),
                DeliveryState.PENDING,
                0,
                delivery.parts(),
                0,
                createdAt,
                createdAt,
                MemoryTables.micros(delivery.expiresAt()),
                delivery.possiblyRepeated(),
                delivery.messageId() != null,
                delivery.body().length);
        tables.put(rows.ids, delivery.deliveryId(), place);
        save(new Row(
                ref,
                delivery.messageId(),
                delivery.sessionKey(),
                delivery.body().clone(),
                null,
                null,
                null,
                List.of(),
                List.of()));
        return place;
    }

    List<DeliveryRef> open(long after, int limit) {
        return rows.deliveries.tailMap(after, false).values().stream()
                .map(Row::ref)
                .filter(ref -> ref.state().isOpen())
                .limit(limit)
                .toList();
    }

    Optional<StoredDelivery> find(String deliveryId) {
        return row(deliveryId).map(Row::stored);
    }

    void attemptStarted(String deliveryId, int attempt, boolean possiblyRepeated, Instant at) {
        Row row = row(deliveryId)
                .filter(found -> found.ref().state().isOpen())
                .orElseThrow(() -> conflict("delivery " + deliveryId + " does not exist or has ended"));
        DeliveryRef ref = row.ref();
        save(new Row(
                changed(
                        ref,
                        DeliveryState.SENDING,
                        attempt,
                        ref.partsDone(),
                        ref.nextAttemptAt(),
                        ref.expiresAt(),
                        possiblyRepeated),
                row.messageId(),
                row.sessionKey(),
                row.body(),
                row.lastError(),
                MemoryTables.micros(at),
                row.endedAt(),
                row.remoteIds(),
                row.failures()));
    }

    void attemptEnded(AttemptEnd end) {
        Row row = row(end.deliveryId())
                .filter(found -> found.ref().state().isOpen() || found.is(end.state()))
                .orElseThrow(() -> conflict("delivery " + end.deliveryId() + " does not exist or has ended otherwise"));
        if (!row.ref().state().isOpen()) {
            return;
        }
        save(new Row(
                changed(
                        row.ref(),
                        end.state(),
                        end.attempts(),
                        end.partsDone(),
                        MemoryTables.micros(end.nextAttemptAt()),
                        row.ref().expiresAt(),
                        end.possiblyRepeated()),
                row.messageId(),
                row.sessionKey(),
                row.body(),
                end.reason() == null ? row.lastError() : Texts.cut(end.reason(), 2_000),
                row.attemptStartedAt(),
                end.state().isOpen() ? null : MemoryTables.micros(end.at()),
                end.remoteId() == null ? row.remoteIds() : with(row.remoteIds(), end.remoteId(), Integer.MAX_VALUE),
                end.outcome().equals("delivered") ? row.failures() : with(row.failures(), kept(end), ATTEMPTS_KEPT)));
    }

    List<DeliveryRef> redrive(List<String> deliveryIds, Instant now) {
        return change(deliveryIds, row -> !row.is(DeliveryState.DELIVERED) && !row.is(DeliveryState.SENDING), row -> {
            DeliveryRef ref = row.ref();
            Instant expiresAt = ref.expiresAt().isAfter(now)
                    ? ref.expiresAt()
                    : MemoryTables.micros(now.plus(Duration.between(ref.createdAt(), ref.expiresAt())));
            return ended(
                    row,
                    changed(
                            ref,
                            DeliveryState.PENDING,
                            ref.attempts(),
                            ref.partsDone(),
                            MemoryTables.micros(now),
                            expiresAt,
                            ref.possiblyRepeated()),
                    row.lastError(),
                    null);
        });
    }

    List<DeliveryRef> end(List<String> deliveryIds, DeliveryState state, String reason, Instant now) {
        return change(deliveryIds, row -> row.is(DeliveryState.PENDING) || row.is(DeliveryState.DEAD), row -> {
            DeliveryRef ref = row.ref();
            return ended(
                    row,
                    changed(
                            ref,
                            state,
                            ref.attempts(),
                            ref.partsDone(),
                            ref.nextAttemptAt(),
                            ref.expiresAt(),
                            ref.possiblyRepeated()),
                    Texts.cut(reason, 2_000),
                    MemoryTables.micros(now));
        });
    }

    Page<StoredDelivery> list(DeliveryFilter filter, int limit, long below) {
        Stream<Row> matching = rows.deliveries.headMap(below, false).descendingMap().values().stream()
                .filter(row -> matches(filter, row.ref()));
        var page = new ArrayList<StoredDelivery>();
        long bytes = 0;
        for (Row each : matching.limit(limit + 1L).toList()) {
            bytes += each.body().length;
            if (page.size() == limit || (!page.isEmpty() && bytes > TranscriptTable.PAGE_BYTES_MAX)) {
                return new Page<>(
                        page,
                        Optional.of(Cursor.write(
                                Cursor.Of.DELIVERIES, page.getLast().ref().seq())));
            }
            page.add(each.stored());
        }
        return new Page<>(page, Optional.empty());
    }

    /** Counted each time: nothing that could go wrong. */
    List<DeliveryCount> counts() {
        record Key(String channel, String accountId, DeliveryState state) {}
        var counts = new TreeMap<Key, Long>(
                Comparator.comparing(Key::channel).thenComparing(Key::accountId).thenComparing(Key::state));
        for (Row each : rows.deliveries.values()) {
            LaneKey lane = each.ref().lane();
            counts.merge(new Key(lane.channel(), lane.accountId(), each.ref().state()), 1L, Long::sum);
        }
        return counts.entrySet().stream()
                .map(each -> new DeliveryCount(
                        each.getKey().channel(),
                        each.getKey().accountId(),
                        each.getKey().state(),
                        each.getValue()))
                .toList();
    }

    List<AttemptEnd> attempts(String deliveryId) {
        return row(deliveryId).map(Row::failures).orElse(List.of());
    }

    List<StoredDelivery> ofMessage(String messageId, int limit) {
        return rows.deliveries.values().stream()
                .filter(row -> messageId.equals(row.messageId()))
                .limit(limit)
                .map(Row::stored)
                .toList();
    }

    /** Removes some deliveries that ended in this state before a moment; true if there may be more. */
    boolean prune(DeliveryState state, Instant before) {
        List<DeliveryRef> old = rows.deliveries.values().stream()
                .filter(row ->
                        row.is(state) && row.endedAt() != null && row.endedAt().isBefore(before))
                .limit(STEP)
                .map(Row::ref)
                .toList();
        for (DeliveryRef each : old) {
            tables.remove(rows.deliveries, each.seq());
            tables.remove(rows.ids, each.deliveryId());
        }
        return old.size() == STEP;
    }

    private List<DeliveryRef> change(List<String> deliveryIds, Predicate<Row> which, UnaryOperator<Row> how) {
        var moved = new ArrayList<DeliveryRef>();
        for (String id : deliveryIds) {
            Optional<Row> found = row(id).filter(which);
            if (found.isPresent()) {
                Row after = how.apply(found.get());
                save(after);
                moved.add(after.ref());
            }
        }
        return moved;
    }

    private Optional<Row> row(String deliveryId) {
        return Optional.ofNullable(rows.ids.get(deliveryId)).map(rows.deliveries::get);
    }

    private void save(Row row) {
        tables.put(rows.deliveries, row.ref().seq(), row);
    }

    private static boolean matches(DeliveryFilter filter, DeliveryRef ref) {
        LaneKey lane = ref.lane();
        return (filter.states().isEmpty() || filter.states().contains(ref.state()))
                && matches(filter.channel(), lane.channel())
                && matches(filter.accountId(), lane.accountId())
                && matches(filter.toKind(), lane.peerKind())
                && matches(filter.to(), lane.peerId())
                && matches(filter.deliveryId(), ref.deliveryId())
                && (filter.accounts().isEmpty()
                        || filter.accounts().get().contains(new Tenants.Account(lane.channel(), lane.accountId())));
    }

    private static boolean matches(Optional<String> wanted, String value) {
        return wanted.isEmpty() || wanted.get().equals(value);
    }

    private static AttemptEnd kept(AttemptEnd end) {
        return new AttemptEnd(
                end.deliveryId(),
                end.state(),
                end.attempts(),
                end.partsDone(),
                Texts.cut(end.outcome(), 40),
                Texts.cutOrNull(end.reason(), 2_000),
                end.remoteId(),
                MemoryTables.micros(end.at()),
                MemoryTables.micros(end.nextAttemptAt()),
                end.possiblyRepeated());
    }

    private static <T> List<T> with(List<T> known, T added, int sizeMax) {
        var all = new ArrayList<>(known);
        all.add(added);
        return List.copyOf(all.subList(Math.max(0, all.size() - sizeMax), all.size()));
    }

    private static Row ended(Row row, DeliveryRef ref, @Nullable String lastError, @Nullable Instant endedAt) {
        return new Row(
                ref,
                row.messageId(),
                row.sessionKey(),
                row.body(),
                lastError,
                row.attemptStartedAt(),
                endedAt,
                row.remoteIds(),
                row.failures());
    }

    private static DeliveryRef changed(
            DeliveryRef ref,
            DeliveryState state,
            int attempts,
            int partsDone,
            Instant nextAttemptAt,
            Instant expiresAt,
            boolean possiblyRepeated) {
        return new DeliveryRef(
                ref.seq(),
                ref.deliveryId(),
                ref.lane(),
                state,
                attempts,
                ref.parts(),
                partsDone,
                nextAttemptAt,
                ref.createdAt(),
                expiresAt,
                possiblyRepeated,
                ref.isReply(),
                ref.bodyBytes());
    }

    private static StoreException conflict(String what) {
        return new StoreException(StoreException.Kind.CONFLICT, what);
    }
}
