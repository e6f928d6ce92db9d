package dev.patchbay.hub.store;

import java.sql.SQLException;
import java.util.List;

/**
 * Walks a table by its key although some of its pages cannot be read: it steps over what fails, in growing steps, and tells what it
 * stepped over. For one thread.
 */
final class Ranges {
    private static final int PAGE = 200;

    /** A table in pieces needs patience, but not without end. */
    private static final int GAPS_MAX = 10_000;

    private Ranges() {}

    /** Reads the rows after a key in its order, at most {@code limit}. */
    @FunctionalInterface
    interface Reader<R> {
        List<R> after(long key, int limit) throws SQLException;
    }

    /** The key of a row. */
    @FunctionalInterface
    interface Key<R> {
        long of(R row);
    }

    /** What is found. */
    interface Finds<R> {
        /** These rows, and no others, have keys after {@code after} and up to the last one's. */
        void rows(long after, List<R> rows) throws SQLException;

        /** Nobody knows what has keys after {@code after} and up to {@code to}; {@code Long.MAX_VALUE}: up to the end. */
        void gap(long after, long to, SQLException why) throws SQLException;
    }

    /** The latest key that was read; everything after it is known to be empty, unless a gap said otherwise. */
    static <R> long walk(Reader<R> reader, Key<R> key, Finds<R> finds) throws SQLException {
        long after = Long.MIN_VALUE;
        int gaps = 0;
        while (true) {
            List<R> rows;
            try {
                rows = inOrder(reader.after(after, PAGE), key, after);
            } catch (SQLException failed) {
                rows = one(reader, after);
                if (rows.isEmpty()) {
                    long next = ++gaps > GAPS_MAX ? Long.MAX_VALUE : readableFrom(reader, after);
                    finds.gap(after, next, failed);
                    if (next == Long.MAX_VALUE) {
                        return after;
                    }
                    after = next;
                    continue;
                }
            }
            if (rows.isEmpty()) {
                return after;
            }
            finds.rows(after, rows);
            after = key.of(rows.getLast());
        }
    }

    /** Damage within a page shows as keys that are not: then rows are taken one by one, and those that cannot be reached are missed. */
    private static <R> List<R> inOrder(List<R> rows, Key<R> key, long after) throws SQLException {
        long last = after;
        for (R row : rows) {
            if (key.of(row) <= last) {
                throw new SQLException("keys are out of order after " + last);
            }
            last = key.of(row);
        }
        return rows;
    }

    private static <R> List<R> one(Reader<R> reader, long after) {
        try {
            return reader.after(after, 1);
        } catch (SQLException unreadable) {
            return List.of();
        }
    }

    /** The smallest key found by halving after which reading works again. */
    private static <R> long readableFrom(Reader<R> reader, long after) {
        // All keys are counted from 0.
        long bad = Math.max(after, 0);
        long step = 1;
        while (!isReadable(reader, bad + step)) {
            bad += step;
            if (step > Long.MAX_VALUE / 8 || bad > Long.MAX_VALUE - step * 4) {
                return Long.MAX_VALUE;
            }
            step *= 2;
        }
        long good = bad + step;
        while (good - bad > 1) {
            long middle = bad + (good - bad) / 2;
            if (isReadable(reader, middle)) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        return good;
    }

    private static <R> boolean isReadable(Reader<R> reader, long after) {
        try {
            reader.after(after, 1);
            return true;
        } catch (SQLException unreadable) {
            return false;
        }
    }
}
