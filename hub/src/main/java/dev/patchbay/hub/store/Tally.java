package dev.patchbay.hub.store;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many deliveries are in which state. Kept in memory, and in a table of one row per account and state, which changes in the same
 * transaction as the deliveries: nobody ever has to count a million rows. The writer's thread changes it, any thread reads.
 */
final class Tally {
    private final Map<Key, Long> committed = new ConcurrentHashMap<>();
    private final Map<Key, Long> changes = new HashMap<>();
    private Map<Key, Long> saved = Map.of();

    private record Key(String channel, String accountId, DeliveryState state) {}

    List<DeliveryCount> counts() {
        return committed.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(entry -> new DeliveryCount(
                        entry.getKey().channel(),
                        entry.getKey().accountId(),
                        entry.getKey().state(),
                        entry.getValue()))
                .toList();
    }

    void load(Sql sql) throws SQLException {
        committed.clear();
        changes.clear();
        sql.list(
                row -> committed.put(
                        new Key(row.getString(1), row.getString(2), DeliveryCode.state(row.getInt(3))), row.getLong(4)),
                "SELECT channel, account_id, state, n FROM delivery_counts");
    }

    void add(String channel, String accountId, DeliveryState state, long n) {
        changes.merge(new Key(channel, accountId, state), n, Long::sum);
    }

    void move(String channel, String accountId, DeliveryState from, DeliveryState to) {
        if (from != to) {
            add(channel, accountId, from, -1);
            add(channel, accountId, to, 1);
        }
    }

    void savepoint() {
        saved = Map.copyOf(changes);
    }

    void undo() {
        changes.clear();
        changes.putAll(saved);
    }

    void rollback() {
        changes.clear();
    }

    /** Writes the changes, before the commit. */
    void flush(Sql sql) throws SQLException {
        for (var change : changes.entrySet()) {
            Key key = change.getKey();
            if (change.getValue() != 0
                    && sql.update(
                                    "UPDATE delivery_counts SET n = n + ?"
                                            + " WHERE channel = ? AND account_id = ? AND state = ?",
                                    change.getValue(),
                                    key.channel(),
                                    key.accountId(),
                                    DeliveryCode.of(key.state()))
                            == 0) {
                sql.update(
                        "INSERT INTO delivery_counts (channel, account_id, state, n) VALUES (?, ?, ?, ?)",
                        key.channel(),
                        key.accountId(),
                        DeliveryCode.of(key.state()),
                        change.getValue());
            }
        }
    }

    /** Makes the changes known, after the commit. */
    void publish() {
        changes.forEach((key, n) -> committed.merge(key, n, Long::sum));
        changes.clear();
    }
}
