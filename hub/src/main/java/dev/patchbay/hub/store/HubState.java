package dev.patchbay.hub.store;

import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;

/**
 * The one row about the store itself, written with every batch. The writer's thread changes it; {@link #published} is for all.
 */
final class HubState {
    private UUID storeId = new UUID(0, 0);
    private long commitNumber;
    private long lastPlace;
    private long lastSeq;
    private long eventsBefore;
    private long damaged;
    private long savedDamaged;
    private long savedEventsBefore;
    private volatile Published published = new Published(0, 0, 0);
    private volatile StoreIdentity identity = new StoreIdentity(storeId, 0);

    /** What is true after the latest commit. */
    record Published(long lastSeq, long eventsBefore, long damaged) {}

    /** Which store it is, and how many commits it has seen; every schema has that. */
    record Identity(UUID storeId, long commitNumber) {}

    static Identity identity(Sql sql) throws SQLException {
        Identity found = sql.first(
                row -> new Identity(Objects.requireNonNull(row.getObject(1, UUID.class)), row.getLong(2)),
                "SELECT store_id, commit_number FROM hub_state WHERE id = 1");
        if (found == null) {
            throw gone();
        }
        return found;
    }

    void load(Sql sql) throws SQLException {
        Boolean found = sql.first(
                row -> {
                    storeId = Objects.requireNonNull(row.getObject(1, UUID.class));
                    commitNumber = row.getLong(2);
                    lastPlace = row.getLong(3);
                    lastSeq = row.getLong(4);
                    eventsBefore = row.getLong(5);
                    damaged = row.getLong(6);
                    return true;
                },
                "SELECT store_id, commit_number, last_place, last_seq, events_before, damaged FROM hub_state WHERE id"
                        + " = 1");
        if (found == null) {
            throw gone();
        }
        publish();
    }

    /** Numbers the commit that is about to happen and writes the row. */
    void flush(Sql sql) throws SQLException {
        commitNumber++;
        sql.update(
                "UPDATE hub_state SET commit_number = ?, last_place = ?, last_seq = ?, events_before = ?, damaged = ?"
                        + " WHERE id = 1",
                commitNumber,
                lastPlace,
                lastSeq,
                eventsBefore,
                damaged);
    }

    /** Remembers the counts; numbers that were given out need no return. */
    void savepoint() {
        savedDamaged = damaged;
        savedEventsBefore = eventsBefore;
    }

    void undo() {
        damaged = savedDamaged;
        eventsBefore = savedEventsBefore;
    }

    void publish() {
        published = new Published(lastSeq, eventsBefore, damaged);
        identity = new StoreIdentity(storeId, commitNumber);
    }

    StoreIdentity identity() {
        return identity;
    }

    Published published() {
        return published;
    }

    UUID storeId() {
        return storeId;
    }

    long commitNumber() {
        return commitNumber;
    }

    long lastPlace() {
        return lastPlace;
    }

    /** A number larger than all before. One that a rolled-back write took stays unused. */
    long nextPlace() {
        return ++lastPlace;
    }

    long nextSeq() {
        return ++lastSeq;
    }

    void eventsDropped(long seq) {
        eventsBefore = Math.max(eventsBefore, seq);
    }

    void countDamaged() {
        damaged++;
    }

    private static StoreException gone() {
        return StoreException.refused("the row about the store itself is gone", "restore a backup", null);
    }
}
