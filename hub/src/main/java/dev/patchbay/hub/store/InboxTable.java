package dev.patchbay.hub.store;

import dev.patchbay.hub.store.DedupTable.Known;
import dev.patchbay.hub.store.DedupTable.Space;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Messages whose turn has not ended. */
final class InboxTable {
    private static final String COLUMNS =
            "place, message_id, session_key, agent_id, channel, accepted_at, body_bytes, body, checksum";

    private InboxTable() {}

    private record Raw(StoredInbound message, int bodyBytes, int checksum) {
        static Raw read(ResultSet row) throws SQLException {
            return new Raw(
                    new StoredInbound(
                            row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getBytes(8),
                            Micros.at(row.getLong(6))),
                    row.getInt(7),
                    row.getInt(9));
        }

        /** With its whole body; null if it is damaged. */
        @Nullable
        StoredInbound verified(Sql sql) throws SQLException {
            byte[] body = Body.whole(sql, Body.Kind.INBOX, message.seq(), message.body(), bodyBytes);
            if (checksumOf(message, body) != checksum) {
                return null;
            }
            return new StoredInbound(
                    message.seq(),
                    message.messageId(),
                    message.sessionKey(),
                    message.agentId(),
                    message.channel(),
                    body,
                    message.acceptedAt());
        }
    }

    static Body body(NewInbound message) {
        return Body.of(message.body(), message.messageId(), message.sessionKey(), message.agentId(), message.channel());
    }

    private static int checksumOf(StoredInbound message, byte[] body) {
        return Body.checksum(body, message.messageId(), message.sessionKey(), message.agentId(), message.channel());
    }

    static Accepted accept(Tx tx, NewInbound message, Body body) throws SQLException {
        if (message.dedup().isPresent()) {
            DedupKey key = message.dedup().get();
            Known known = DedupTable.find(tx.sql(), Space.MESSAGE, key);
            if (known != null) {
                return new Accepted(known.id(), true, known.fingerprint().equals(key.fingerprint()));
            }
        }
        long place = tx.state().nextPlace();
        tx.sql()
                .update(
                        "INSERT INTO inbox (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        place,
                        message.messageId(),
                        message.sessionKey(),
                        message.agentId(),
                        message.channel(),
                        Micros.of(message.acceptedAt()),
                        body.bytes().length,
                        body.inline(),
                        body.checksum());
        body.spill(tx.sql(), Body.Kind.INBOX, place);
        if (message.dedup().isPresent()) {
            DedupTable.insert(
                    tx.sql(), Space.MESSAGE, message.dedup().get(), place, message.messageId(), message.acceptedAt());
        }
        return new Accepted(message.messageId(), false, true);
    }

    /** Takes a message out; false if it is not there. */
    static boolean remove(Sql sql, String messageId) throws SQLException {
        record Found(long place, int bodyBytes) {}
        Found found = sql.first(
                row -> new Found(row.getLong(1), row.getInt(2)),
                "SELECT place, body_bytes FROM inbox WHERE message_id = ?",
                messageId);
        if (found == null) {
            return false;
        }
        sql.update("DELETE FROM inbox WHERE place = ?", found.place());
        Body.forget(sql, Body.Kind.INBOX, found.place(), found.bodyBytes());
        return true;
    }

    static List<InboundRef> pending(Look look, long afterPlace, int limit) throws SQLException {
        var refs = new ArrayList<InboundRef>();
        long after = afterPlace;
        while (refs.size() < limit) {
            int wanted = limit - refs.size();
            List<Raw> rows = look.sql()
                    .list(
                            Raw::read,
                            "SELECT " + COLUMNS + " FROM inbox WHERE place > ? ORDER BY place FETCH FIRST ? ROWS ONLY",
                            after,
                            wanted);
            for (Raw row : rows) {
                after = row.message().seq();
                StoredInbound message = row.verified(look.sql());
                if (message == null) {
                    look.damaged(Body.Kind.INBOX, after);
                } else {
                    refs.add(new InboundRef(after, message.messageId(), message.sessionKey(), row.bodyBytes()));
                }
            }
            if (rows.size() < wanted) {
                break;
            }
        }
        return refs;
    }

    static Optional<StoredInbound> find(Look look, String messageId) throws SQLException {
        Raw row = look.sql().first(Raw::read, "SELECT " + COLUMNS + " FROM inbox WHERE message_id = ?", messageId);
        if (row == null) {
            return Optional.empty();
        }
        StoredInbound message = row.verified(look.sql());
        if (message == null) {
            look.damaged(Body.Kind.INBOX, row.message().seq());
            throw new StoreException(
                    StoreException.Kind.DAMAGED, "message " + messageId + " is damaged and was set aside");
        }
        return Optional.of(message);
    }
}
