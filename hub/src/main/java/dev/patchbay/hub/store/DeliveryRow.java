package dev.patchbay.hub.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A delivery as it lies in the table. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record DeliveryRow(
        DeliveryRef ref,
        @Nullable String messageId,
        @Nullable String sessionKey,
        @Nullable String lastError,
        @Nullable Instant attemptStartedAt,
        @Nullable Instant endedAt,
        String remoteIds,
        int failures,
        int bodyBytes,
        byte[] inline,
        int checksum) {

    static final String COLUMNS = "place, delivery_id, channel, account_id, peer_kind, peer_id, thread_id, message_id,"
            + " session_key, state, attempts, failures, parts, parts_done, next_attempt_at, created_at, expires_at,"
            + " attempt_started_at, ended_at, possibly_repeated, last_error, remote_ids, body_bytes, body, checksum";

    static DeliveryRow read(ResultSet row) throws SQLException {
        var lane =
                new LaneKey(row.getString(3), row.getString(4), row.getString(5), row.getString(6), row.getString(7));
        var ref = new DeliveryRef(
                row.getLong(1),
                row.getString(2),
                lane,
                DeliveryCode.state(row.getInt(10)),
                row.getInt(11),
                row.getInt(13),
                row.getInt(14),
                Micros.at(row.getLong(15)),
                Micros.at(row.getLong(16)),
                Micros.at(row.getLong(17)),
                row.getBoolean(20),
                row.getString(8) != null,
                row.getInt(23));
        return new DeliveryRow(
                ref,
                row.getString(8),
                row.getString(9),
                row.getString(21),
                Micros.atOrNull(row.getLong(18), row.wasNull()),
                Micros.atOrNull(row.getLong(19), row.wasNull()),
                row.getString(22),
                row.getInt(12),
                row.getInt(23),
                row.getBytes(24),
                row.getInt(25));
    }

    static Body body(NewDelivery delivery) {
        return Body.of(
                delivery.body(),
                names(delivery.deliveryId(), delivery.lane(), delivery.messageId(), delivery.sessionKey()));
    }

    private static @Nullable String[] names(
            String id, LaneKey lane, @Nullable String messageId, @Nullable String sessionKey) {
        return new @Nullable String[] {
            id, lane.channel(), lane.accountId(), lane.peerKind(), lane.peerId(), lane.threadId(), messageId, sessionKey
        };
    }

    DeliveryState state() {
        return ref.state();
    }

    /** With its body; null if it is damaged, which is noted. */
    @Nullable
    StoredDelivery verified(Look look) throws SQLException {
        byte[] body = Body.whole(look.sql(), Body.Kind.DELIVERY, ref.seq(), inline, bodyBytes);
        if (Body.checksum(body, names(ref.deliveryId(), ref.lane(), messageId, sessionKey)) != checksum) {
            look.damaged(Body.Kind.DELIVERY, ref.seq());
            return null;
        }
        return new StoredDelivery(
                ref,
                messageId,
                sessionKey,
                body,
                lastError,
                attemptStartedAt,
                ref.state() == DeliveryState.DELIVERED ? endedAt : null,
                remoteIds.isEmpty() ? List.of() : List.of(remoteIds.split("\n")));
    }
}
