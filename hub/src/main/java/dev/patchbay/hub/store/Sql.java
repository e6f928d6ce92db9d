package dev.patchbay.hub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A connection that keeps its prepared statements. Used by one thread. */
final class Sql implements AutoCloseable {
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    /** Makes something of a row. */
    @FunctionalInterface
    interface Row<R> {
        R read(ResultSet row) throws SQLException;
    }

    Sql(Connection connection) {
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    /** A further condition: the column has one of these values, which become parameters. */
    static String among(String column, Set<String> values, List<? super String> parameters) {
        parameters.addAll(values);
        return values.isEmpty() ? " AND FALSE" : " AND " + column + " IN (" + "?, ".repeat(values.size() - 1) + "?)";
    }

    /** Runs a change; how many rows it met. */
    int update(String sql, @Nullable Object... parameters) throws SQLException {
        return statement(sql, parameters).executeUpdate();
    }

    /** Runs a query; the caller's SQL bounds it. */
    <R> List<R> list(Row<R> row, String sql, @Nullable Object... parameters) throws SQLException {
        try (ResultSet rows = statement(sql, parameters).executeQuery()) {
            var list = new ArrayList<R>();
            while (rows.next()) {
                list.add(row.read(rows));
            }
            return list;
        }
    }

    /** The first row of a query, null if there is none. */
    <R> @Nullable R first(Row<R> row, String sql, @Nullable Object... parameters) throws SQLException {
        try (ResultSet rows = statement(sql, parameters).executeQuery()) {
            return rows.next() ? row.read(rows) : null;
        }
    }

    /** Runs a command as it stands. */
    void execute(String sql) throws SQLException {
        statement(sql).execute();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private PreparedStatement statement(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < parameters.length; i++) {
            set(statement, i + 1, parameters[i]);
        }
        return statement;
    }

    private static void set(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        switch (value) {
            case null -> statement.setNull(index, Types.NULL);
            case Long number -> statement.setLong(index, number);
            case Integer number -> statement.setInt(index, number);
            case String text -> statement.setString(index, text);
            case byte[] bytes -> statement.setBytes(index, bytes);
            case Boolean truth -> statement.setBoolean(index, truth);
            default -> throw new IllegalArgumentException("no SQL type for " + value.getClass());
        }
    }
}
