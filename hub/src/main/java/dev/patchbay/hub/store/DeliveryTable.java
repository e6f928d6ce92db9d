package dev.patchbay.hub.store;

import dev.patchbay.hub.store.DedupTable.Known;
import dev.patchbay.hub.store.DedupTable.Space;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes to deliveries. */
final class DeliveryTable {
    private static final int ATTEMPTS_KEPT = 100;
    private static final int REMOTE_ID_MAX = 1_000;
    private static final int REMOTE_IDS_MAX = 1_000_000;
    private static final int STEP = 1_000;

    private DeliveryTable() {}

    /** A delivery ready to be written. */
    record Ready(NewDelivery delivery, Body body) {
        static Ready of(NewDelivery delivery) {
            return new Ready(delivery, DeliveryRow.body(delivery));
        }
    }

    static Enqueued enqueue(Tx tx, Ready ready, Optional<DedupKey> dedup) throws SQLException {
        NewDelivery delivery = ready.delivery();
        if (dedup.isPresent()) {
            Known known = DedupTable.find(tx.sql(), Space.DELIVERY, dedup.get());
            if (known != null) {
                boolean same = known.fingerprint().equals(dedup.get().fingerprint());
                return new Enqueued(known.place(), known.id(), known.storedAt(), true, same);
            }
        }
        long place = insert(tx, ready);
        if (dedup.isPresent()) {
            DedupTable.insert(
                    tx.sql(), Space.DELIVERY, dedup.get(), place, delivery.deliveryId(), delivery.createdAt());
        }
        return new Enqueued(place, delivery.deliveryId(), delivery.createdAt(), false, true);
    }

    static long insert(Tx tx, Ready ready) throws SQLException {
        long place = tx.state().nextPlace();
        NewDelivery delivery = ready.delivery();
        LaneKey lane = delivery.lane();
        tx.sql()
                .update(
                        "INSERT INTO deliveries (" + DeliveryRow.COLUMNS
                                + ", shelf) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0,"
                                + " ?, 0, ?, ?, ?, NULL, NULL, ?, NULL, '', ?, ?, ?, 0)",
                        place,
                        delivery.deliveryId(),
                        lane.channel(),
                        lane.accountId(),
                        lane.peerKind(),
                        lane.peerId(),
                        lane.threadId(),
                        delivery.messageId(),
                        delivery.sessionKey(),
                        delivery.parts(),
                        Micros.of(delivery.createdAt()),
                        Micros.of(delivery.createdAt()),
                        Micros.of(delivery.expiresAt()),
                        delivery.possiblyRepeated(),
                        ready.body().bytes().length,
                        ready.body().inline(),
                        ready.body().checksum());
        ready.body().spill(tx.sql(), Body.Kind.DELIVERY, place);
        tx.tally().add(lane.channel(), lane.accountId(), DeliveryState.PENDING, 1);
        return place;
    }

    static void attemptStarted(Tx tx, String deliveryId, int attempt, boolean possiblyRepeated, Instant at)
            throws SQLException {
        DeliveryRow row = open(tx.sql(), deliveryId);
        tx.sql()
                .update(
                        "UPDATE deliveries SET state = ?, attempts = ?, possibly_repeated = ?, attempt_started_at = ?"
                                + " WHERE place = ?",
                        DeliveryCode.of(DeliveryState.SENDING),
                        attempt,
                        possiblyRepeated,
                        Micros.of(at),
                        row.ref().seq());
        count(tx, row, DeliveryState.SENDING);
    }

    static void attemptEnded(Tx tx, AttemptEnd end) throws SQLException {
        DeliveryRow row = find(tx.sql(), end.deliveryId());
        if (row != null && !row.state().isOpen() && row.state() == end.state()) {
            return;
        }
        if (row == null || !row.state().isOpen()) {
            throw conflict(end.deliveryId(), row);
        }
        boolean failed = !end.outcome().equals("delivered");
        int failures = row.failures() + (failed ? 1 : 0);
        tx.sql()
                .update(
                        "UPDATE deliveries SET state = ?, shelf = ?, attempts = ?, failures = ?, parts_done = ?,"
                                + " next_attempt_at = ?, ended_at = ?, possibly_repeated = ?, last_error = ?,"
                                + " remote_ids = ? WHERE place = ?",
                        DeliveryCode.of(end.state()),
                        DeliveryCode.shelf(end.state()),
                        end.attempts(),
                        failures,
                        end.partsDone(),
                        Micros.of(end.nextAttemptAt()),
                        end.state().isOpen() ? null : (Long) Micros.of(end.at()),
                        end.possiblyRepeated(),
                        end.reason() == null ? row.lastError() : Texts.cut(end.reason(), 2_000),
                        remoteIds(row.remoteIds(), end.remoteId()),
                        row.ref().seq());
        if (failed) {
            recordFailure(tx.sql(), row.ref().seq(), failures, end);
        }
        count(tx, row, end.state());
    }

    static List<DeliveryRef> redrive(Tx tx, List<String> deliveryIds, Instant now) throws SQLException {
        var moved = new ArrayList<DeliveryRef>();
        for (String id : deliveryIds) {
            DeliveryRow row = find(tx.sql(), id);
            if (row == null || row.state() == DeliveryState.DELIVERED || row.state() == DeliveryState.SENDING) {
                continue;
            }
            DeliveryRef ref = row.ref();
            Instant expiresAt = ref.expiresAt();
            if (!expiresAt.isAfter(now)) {
                // What has run out gets its time again; else it would expire at once.
                expiresAt = now.plus(Duration.between(ref.createdAt(), ref.expiresAt()));
            }
            tx.sql()
                    .update(
                            "UPDATE deliveries SET state = ?, shelf = ?, next_attempt_at = ?, expires_at = ?, ended_at"
                                    + " = NULL WHERE place = ?",
                            DeliveryCode.of(DeliveryState.PENDING),
                            DeliveryCode.OPEN_SHELF,
                            Micros.of(now),
                            Micros.of(expiresAt),
                            ref.seq());
            count(tx, row, DeliveryState.PENDING);
            moved.add(moved(ref, DeliveryState.PENDING, now, expiresAt));
        }
        return moved;
    }

    static List<DeliveryRef> end(Tx tx, List<String> deliveryIds, DeliveryState state, String reason, Instant now)
            throws SQLException {
        var moved = new ArrayList<DeliveryRef>();
        for (String id : deliveryIds) {
            DeliveryRow row = find(tx.sql(), id);
            if (row == null || (row.state() != DeliveryState.PENDING && row.state() != DeliveryState.DEAD)) {
                continue;
            }
            tx.sql()
                    .update(
                            "UPDATE deliveries SET state = ?, shelf = ?, ended_at = ?, last_error = ? WHERE place = ?",
                            DeliveryCode.of(state),
                            DeliveryCode.shelf(state),
                            Micros.of(now),
                            Texts.cut(reason, 2_000),
                            row.ref().seq());
            count(tx, row, state);
            moved.add(
                    moved(row.ref(), state, row.ref().nextAttemptAt(), row.ref().expiresAt()));
        }
        return moved;
    }

    /** A record that is taken away does not count any more. */
    static void uncount(Tx tx, long place) throws SQLException {
        DeliveryRow row = tx.sql()
                .first(DeliveryRow::read, "SELECT " + DeliveryRow.COLUMNS + " FROM deliveries WHERE place = ?", place);
        if (row != null) {
            LaneKey lane = row.ref().lane();
            tx.tally().add(lane.channel(), lane.accountId(), row.state(), -1);
            tx.sql().update("DELETE FROM attempts WHERE place = ?", place);
        }
    }

    /** Removes some deliveries that ended in this state before a moment; true if there may be more. */
    static boolean prune(Tx tx, DeliveryState state, Instant before) throws SQLException {
        record Found(long place, long endedAt, int bodyBytes) {}
        // In order of queueing, which is nearly that of ending: what ended late does not hold back a thousand others.
        List<Found> oldest = tx.sql()
                .list(
                        row -> new Found(row.getLong(1), row.getLong(2), row.getInt(3)),
                        "SELECT place, ended_at, body_bytes FROM deliveries WHERE shelf = ? ORDER BY shelf, place"
                                + " FETCH FIRST " + STEP + " ROWS ONLY",
                        DeliveryCode.shelf(state));
        long beforeMicros = Micros.of(before);
        int removed = 0;
        for (Found each : oldest) {
            if (each.endedAt() < beforeMicros) {
                uncount(tx, each.place());
                tx.sql().update("DELETE FROM deliveries WHERE place = ?", each.place());
                Body.forget(tx.sql(), Body.Kind.DELIVERY, each.place(), each.bodyBytes());
                removed++;
            }
        }
        return removed > 0 && oldest.size() == STEP;
    }

    private static void recordFailure(Sql sql, long place, int failure, AttemptEnd end) throws SQLException {
        sql.update(
                "INSERT INTO attempts (place, failure, state, attempts, parts_done, outcome, reason, remote_id,"
                        + " ended_at, next_attempt_at, possibly_repeated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                place,
                failure,
                DeliveryCode.of(end.state()),
                end.attempts(),
                end.partsDone(),
                Texts.cut(end.outcome(), 40),
                Texts.cutOrNull(end.reason(), 2_000),
                Texts.cutOrNull(end.remoteId(), REMOTE_ID_MAX),
                Micros.of(end.at()),
                Micros.of(end.nextAttemptAt()),
                end.possiblyRepeated());
        if (failure > ATTEMPTS_KEPT) {
            sql.update("DELETE FROM attempts WHERE place = ? AND failure <= ?", place, failure - ATTEMPTS_KEPT);
        }
    }

    private static String remoteIds(String known, @Nullable String added) {
        if (added == null || known.length() + REMOTE_ID_MAX >= REMOTE_IDS_MAX) {
            return known;
        }
        String line = Texts.cut(added.replace('\n', ' '), REMOTE_ID_MAX);
        return known.isEmpty() ? line : known + "\n" + line;
    }

    private static DeliveryRow open(Sql sql, String deliveryId) throws SQLException {
        DeliveryRow row = find(sql, deliveryId);
        if (row == null || !row.state().isOpen()) {
            throw conflict(deliveryId, row);
        }
        return row;
    }

    private static @Nullable DeliveryRow find(Sql sql, String deliveryId) throws SQLException {
        return sql.first(
                DeliveryRow::read,
                "SELECT " + DeliveryRow.COLUMNS + " FROM deliveries WHERE delivery_id = ?",
                deliveryId);
    }

    private static void count(Tx tx, DeliveryRow row, DeliveryState now) {
        LaneKey lane = row.ref().lane();
        tx.tally().move(lane.channel(), lane.accountId(), row.state(), now);
    }

    private static DeliveryRef moved(DeliveryRef ref, DeliveryState state, Instant nextAttemptAt, Instant expiresAt) {
        return new DeliveryRef(
                ref.seq(),
                ref.deliveryId(),
                ref.lane(),
                state,
                ref.attempts(),
                ref.parts(),
                ref.partsDone(),
                nextAttemptAt,
                ref.createdAt(),
                expiresAt,
                ref.possiblyRepeated(),
                ref.isReply(),
                ref.bodyBytes());
    }

    private static StoreException conflict(String deliveryId, @Nullable DeliveryRow row) {
        return new StoreException(
                StoreException.Kind.CONFLICT,
                "delivery " + deliveryId
                        + (row == null
                                ? " does not exist"
                                : " has ended: " + row.state().word()));
    }
}
