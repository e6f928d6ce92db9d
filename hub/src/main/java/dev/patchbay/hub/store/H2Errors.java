package dev.patchbay.hub.store;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;
import org.h2.api.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What H2's failures mean to us. */
final class H2Errors {
    private static final Set<Integer> NO_DAMAGE = Set.of(
            ErrorCode.DATABASE_ALREADY_OPEN_1,
            ErrorCode.WRONG_USER_OR_PASSWORD,
            ErrorCode.FILE_ENCRYPTION_ERROR_1,
            ErrorCode.DATABASE_IS_READ_ONLY,
            ErrorCode.FILE_CREATION_FAILED_1,
            ErrorCode.URL_FORMAT_ERROR_2,
            ErrorCode.UNSUPPORTED_SETTING_1,
            ErrorCode.OUT_OF_MEMORY);

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

    /**
     * Whether a file that cannot be opened is damaged, as far as anybody can tell: not if it is only in use, may not be read, belongs
     * to somebody with a password, or the disk is full.
     */
    static boolean isDamage(Throwable failure) {
        if (failure instanceof StoreException known) {
            return known.isDamage();
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AccessDeniedException
                    || cause instanceof NoSuchFileException
                    || (cause instanceof SQLException sql && NO_DAMAGE.contains(sql.getErrorCode()))
                    || explain(cause).kind() == StoreException.Kind.NO_ROOM) {
                return false;
            }
        }
        // Damaged pages show in many ways: as what they are, as impossible numbers, as tables that are not there.
        return failure instanceof SQLException || failure instanceof RuntimeException;
    }

    /** H2 puts the whole statement behind the first line. */
    static String firstLine(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        int end = text.indexOf('\n');
        return Texts.cut(end < 0 ? text : text.substring(0, end), 300);
    }
}
