package dev.patchbay.hub.store;

import dev.patchbay.hub.failpoint.StoreWrite;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is on disk: a reading waits for a commit under way that it may have seen. Damaged records that it meets are set aside.
 * Safe for many threads.
 */
final class CommittedReading {
    private static final Duration DURABLE_WAIT = Duration.ofSeconds(60);

    private final Readers readers;
    private final GroupCommit<Tx> writer;
    private final Clock clock;

    /** A reading that may meet damaged records. */
    @FunctionalInterface
    interface Query<R> {
        R run(Look look) throws SQLException;
    }

    /** What was read, the commit that it may stem from, and what was found to be damaged. */
    private record Answer<R>(
            @Nullable R value, long seenCommit, @Nullable StoreException refusal) {}

    CommittedReading(Readers readers, GroupCommit<Tx> writer, Clock clock) {
        this.readers = readers;
        this.writer = writer;
        this.clock = clock;
    }

    /** Runs a query in a thread that may read, maybe twice, and waits. */
    <R> R read(Query<R> query) throws InterruptedException {
        Answer<R> answer = readers.read(sql -> {
            Look look = Look.with(sql);
            try {
                return new Answer<>(query.run(look), writer.commits().begun(), null);
            } catch (StoreException refusal) {
                return new Answer<R>(null, writer.commits().begun(), refusal);
            } finally {
                look.damages().forEach(this::setAside);
            }
        });
        writer.commits().await(answer.seenCommit(), DURABLE_WAIT);
        if (answer.refusal() != null) {
            throw answer.refusal();
        }
        return Objects.requireNonNull(answer.value());
    }

    /** Looks again at what was found damaged elsewhere; what is damaged here as well is handed to the writer to be set aside. */
    void reexamine(List<StoreReport.Finding> findings) throws InterruptedException {
        for (StoreReport.Finding each : findings) {
            for (Records records : Records.values()) {
                if (records != Records.BINDINGS && each.key() > 0 && records.kind.table.equals(each.table())) {
                    read(look -> {
                        for (Records.Raw row : records.after(look.sql(), each.key() - 1, 1)) {
                            if (row.key() == each.key() && row.body(look.sql()) == null) {
                                look.damaged(records.kind, row.key());
                            }
                        }
                        return true;
                    });
                }
            }
        }
    }

    private void setAside(Look.Damage damage) {
        Instant now = clock.instant();
        writer.submitLater(StoreWrite.MOVE_DAMAGED, tx -> {
            AsideTable.move(tx, damage.kind(), damage.place(), "its checksum does not fit", now);
            return true;
        });
    }
}
