package dev.patchbay.hub.store;

import java.sql.SQLException;
import java.util.Locale;
import org.h2.api.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What H2's failures mean to us. */
final class H2Errors {
    private H2Errors() {}

    /** The refusal of one write that is to blame itself; null if the database may be broken. */
    static @Nullable StoreException blame(Throwable failure) {
        if (failure instanceof StoreException refusal) {
            return refusal;
        }
        if (failure instanceof SQLException sql) {
            String state = String.valueOf(sql.getSQLState());
            // 22 data, 23 integrity, 42 syntax: the statement's fault, not the database's.
            if (state.startsWith("22") || state.startsWith("23") || state.startsWith("42")) {
                return new StoreException(
                        StoreException.Kind.CONFLICT, "the store does not take this: " + firstLine(sql), sql);
            }
            return null;
        }
        if (failure instanceof RuntimeException bug) {
            return new StoreException(StoreException.Kind.CONFLICT, "the store cannot write this: " + bug, bug);
        }
        return null;
    }

    /** What a broken database is called towards callers. */
    static StoreException explain(Throwable failure) {
        if (failure instanceof StoreException known) {
            return known;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (text.contains("no space left") || text.contains("quota exceeded") || text.contains("disk full")) {
                return new StoreException(StoreException.Kind.NO_ROOM, "the disk is full; make room", failure);
            }
            if (text.contains("read-only file system") || text.contains("permission denied")) {
                return new StoreException(
                        StoreException.Kind.UNAVAILABLE,
                        "the data folder cannot be written (read-only, or not permitted); make it writable",
                        failure);
            }
        }
        return new StoreException(StoreException.Kind.UNAVAILABLE, "the store is down: " + firstLine(failure), failure);
    }

    static boolean isTimeout(SQLException failure) {
        return failure.getErrorCode() == ErrorCode.STATEMENT_WAS_CANCELED;
    }

    static boolean isInUse(SQLException failure) {
        return failure.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1;
    }

    /** H2 puts the whole statement behind the first line. */
    private static String firstLine(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        int end = text.indexOf('\n');
        return Texts.cut(end < 0 ? text : text.substring(0, end), 300);
    }
}
