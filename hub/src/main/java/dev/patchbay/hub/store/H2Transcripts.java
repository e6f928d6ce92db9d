package dev.patchbay.hub.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@link Transcripts} of an H2 store. */
final class H2Transcripts implements Transcripts {
    private static final String SELECT = "SELECT l.seq, l.line_id, s.session_key, l.role, l.written_at, l.body_bytes,"
            + " l.body, l.checksum, l.session_id, s.agent_id FROM lines l JOIN sessions s ON s.id = l.session_id ";
    private static final int LIMIT_MAX = 1_000;
    private static final int ASKED_MAX = 500;

    /** All that is in memory at a time while an index is made. */
    private static final int PIECE_BYTES = 4 << 20;

    private static final String EXISTING = "SELECT id FROM sessions WHERE id IN (" + "?, ".repeat(ASKED_MAX - 1) + "?)";

    private final CommittedReading reading;
    private final Supplier<StoreIdentity> identity;

    /** A row that is not verified yet. */
    private record Row(TranscriptTable.Raw raw, long transcript, String agentId) {
        static Row read(ResultSet row) throws SQLException {
            return new Row(TranscriptTable.Raw.read(row), row.getLong(9), row.getString(10));
        }

        /** Null if it is damaged, which is noted. */
        @Nullable
        TranscriptLine verified(Look look) throws SQLException {
            StoredLine line = raw.verified(look);
            return line == null ? null : new TranscriptLine(transcript, agentId, line);
        }
    }

    H2Transcripts(CommittedReading reading, Supplier<StoreIdentity> identity) {
        this.reading = reading;
        this.identity = identity;
    }

    @Override
    public StoreIdentity identity() {
        return identity.get();
    }

    @Override
    public Piece after(long seq, int limit) throws InterruptedException {
        int most = Math.clamp(limit, 1, LIMIT_MAX);
        return reading.read(look -> {
            List<Row> rows = look.sql()
                    .list(Row::read, SELECT + "WHERE l.seq > ? ORDER BY l.seq FETCH FIRST ? ROWS ONLY", seq, most);
            var lines = new ArrayList<TranscriptLine>();
            long to = seq;
            long bytes = 0;
            for (Row each : rows) {
                bytes += each.raw().bodyBytes();
                if (bytes > PIECE_BYTES && to > seq) {
                    return new Piece(lines, to, false);
                }
                TranscriptLine line = each.verified(look);
                if (line != null) {
                    lines.add(line);
                }
                to = each.raw().seq();
            }
            return new Piece(lines, to, rows.size() < most);
        });
    }

    @Override
    public Optional<TranscriptLine> at(long seq) throws InterruptedException {
        return reading.read(look -> {
            Row row = look.sql().first(Row::read, SELECT + "WHERE l.seq = ?", seq);
            return row == null ? Optional.empty() : Optional.ofNullable(row.verified(look));
        });
    }

    @Override
    public Set<Long> existing(List<Long> transcripts) throws InterruptedException {
        if (transcripts.isEmpty()) {
            return Set.of();
        }
        // One statement for any number: places that are left over ask for the first once more.
        var ids = new Object[ASKED_MAX];
        for (int i = 0; i < ASKED_MAX; i++) {
            ids[i] = transcripts.get(i < transcripts.size() ? i : 0);
        }
        return reading.read(look -> new HashSet<>(look.sql().list(row -> row.getLong(1), EXISTING, ids)));
    }

    @Override
    public List<Long> forgotten() throws InterruptedException {
        return reading.read(look -> look.sql()
                .list(
                        row -> row.getLong(1),
                        "SELECT session_id FROM orphans ORDER BY session_id FETCH FIRST " + LIMIT_MAX + " ROWS ONLY"));
    }
}
