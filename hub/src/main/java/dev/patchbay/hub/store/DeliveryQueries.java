package dev.patchbay.hub.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading deliveries. */
final class DeliveryQueries {
    private static final String SELECT = "SELECT " + DeliveryRow.COLUMNS + " FROM deliveries ";
    private static final int OF_MESSAGE_MAX = 1_000;

    private DeliveryQueries() {}

    static List<DeliveryRef> open(Look look, long afterPlace, int limit) throws SQLException {
        var refs = new ArrayList<DeliveryRef>();
        long after = afterPlace;
        while (refs.size() < limit) {
            int wanted = limit - refs.size();
            List<DeliveryRow> rows = look.sql()
                    .list(
                            DeliveryRow::read,
                            SELECT + "WHERE shelf = 0 AND place > ? ORDER BY shelf, place FETCH FIRST ? ROWS ONLY",
                            after,
                            wanted);
            for (DeliveryRow row : rows) {
                after = row.ref().seq();
                if (row.verified(look) != null) {
                    refs.add(row.ref());
                }
            }
            if (rows.size() < wanted) {
                break;
            }
        }
        return refs;
    }

    static Optional<StoredDelivery> find(Look look, String deliveryId) throws SQLException {
        DeliveryRow row = look.sql().first(DeliveryRow::read, SELECT + "WHERE delivery_id = ?", deliveryId);
        if (row == null) {
            return Optional.empty();
        }
        StoredDelivery delivery = row.verified(look);
        if (delivery == null) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED, "delivery " + deliveryId + " is damaged and was set aside");
        }
        return Optional.of(delivery);
    }

    static List<StoredDelivery> ofMessage(Look look, String messageId) throws SQLException {
        List<DeliveryRow> rows = look.sql()
                .list(
                        DeliveryRow::read,
                        SELECT + "WHERE message_id = ? ORDER BY place FETCH FIRST " + OF_MESSAGE_MAX + " ROWS ONLY",
                        messageId);
        return verified(look, rows).items();
    }

    static Page<StoredDelivery> list(Look look, DeliveryFilter filter, int limit, long below) throws SQLException {
        var sql = new StringBuilder(SELECT + "WHERE place < ?");
        var parameters = new ArrayList<@Nullable Object>();
        parameters.add(below);
        List<Integer> shelves =
                filter.states().stream().map(DeliveryCode::shelf).distinct().toList();
        boolean oneShelf = shelves.size() == 1;
        if (oneShelf) {
            and(sql, parameters, "shelf", shelves.getFirst());
        }
        if (!filter.states().isEmpty()) {
            // Numbers of an enum, not foreign: few different statements, and the planner sees them.
            sql.append(" AND state IN (")
                    .append(String.join(
                            ", ",
                            filter.states().stream()
                                    .map(DeliveryCode::of)
                                    .sorted()
                                    .map(String::valueOf)
                                    .toList()))
                    .append(')');
        }
        filter.channel().ifPresent(value -> and(sql, parameters, "channel", value));
        filter.accountId().ifPresent(value -> and(sql, parameters, "account_id", value));
        filter.toKind().ifPresent(value -> and(sql, parameters, "peer_kind", value));
        filter.to().ifPresent(value -> and(sql, parameters, "peer_id", value));
        filter.deliveryId().ifPresent(value -> and(sql, parameters, "delivery_id", value));
        filter.accounts().ifPresent(accounts -> {
            sql.append(
                    accounts.isEmpty()
                            ? " AND FALSE"
                            : " AND (channel, account_id) IN (" + "(?, ?), ".repeat(accounts.size() - 1) + "(?, ?))");
            accounts.forEach(each -> parameters.addAll(List.of(each.channel(), each.accountId())));
        });
        sql.append(oneShelf ? " ORDER BY shelf DESC, place DESC" : " ORDER BY place DESC");
        sql.append(" FETCH FIRST ? ROWS ONLY");
        parameters.add(limit + 1);
        List<DeliveryRow> rows = look.sql().list(DeliveryRow::read, sql.toString(), parameters.toArray());
        Page<StoredDelivery> page = verified(look, rows.subList(0, Math.min(limit, rows.size())));
        if (page.next().isEmpty() && rows.size() > limit) {
            return new Page<>(page.items(), Optional.of(cursor(rows.get(limit - 1))));
        }
        return page;
    }

    static List<AttemptEnd> attempts(Look look, String deliveryId) throws SQLException {
        return look.sql()
                .list(
                        row -> new AttemptEnd(
                                deliveryId,
                                DeliveryCode.state(row.getInt(1)),
                                row.getInt(2),
                                row.getInt(3),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6),
                                Micros.at(row.getLong(7)),
                                Micros.at(row.getLong(8)),
                                row.getBoolean(9)),
                        "SELECT a.state, a.attempts, a.parts_done, a.outcome, a.reason, a.remote_id, a.ended_at,"
                                + " a.next_attempt_at, a.possibly_repeated FROM attempts a"
                                + " WHERE a.place = (SELECT place FROM deliveries WHERE delivery_id = ?)"
                                + " ORDER BY a.place, a.failure FETCH FIRST 100 ROWS ONLY",
                        deliveryId);
    }

    /** As many as fit into a page of memory; {@code next} if some did not. */
    private static Page<StoredDelivery> verified(Look look, List<DeliveryRow> rows) throws SQLException {
        var deliveries = new ArrayList<StoredDelivery>();
        long bytes = 0;
        DeliveryRow last = null;
        for (DeliveryRow row : rows) {
            bytes += row.bodyBytes();
            if (last != null && bytes > TranscriptTable.PAGE_BYTES_MAX) {
                return new Page<>(deliveries, Optional.of(cursor(last)));
            }
            last = row;
            StoredDelivery delivery = row.verified(look);
            if (delivery != null) {
                deliveries.add(delivery);
            }
        }
        return new Page<>(deliveries, Optional.empty());
    }

    private static String cursor(DeliveryRow row) {
        return Cursor.write(Cursor.Of.DELIVERIES, row.ref().seq());
    }

    private static void and(
            StringBuilder sql, List<@Nullable Object> parameters, String column, @Nullable Object value) {
        sql.append(" AND ").append(column).append(" = ?");
        parameters.add(value);
    }
}
