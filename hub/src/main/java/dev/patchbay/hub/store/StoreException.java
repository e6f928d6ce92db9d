package dev.patchbay.hub.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Nothing was stored, or nothing could be read. The message names the cause and holds no secret. */
public class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String RESTORE =
            "`patchbay db check` shows what can be read, `patchbay backup restore latest` puts the last good backup"
                    + " back";

    private final Kind kind;
    private final String what;
    private final @Nullable String cure;
    private boolean isDamage;
    private boolean isInUse;

    /** What kind of trouble. */
    public enum Kind {
        /** Disk full or under the configured reserve. Goes away by itself. */
        NO_ROOM,
        /** The store is down or closed. */
        UNAVAILABLE,
        /** The row this write relies on is not there (any more). */
        CONFLICT,
        /** A cursor that this store did not make. */
        BAD_CURSOR,
        /** Another hub uses this data, or the data went back in time, or needs a newer hub. */
        REFUSED,
        /** The checksum does not fit. */
        DAMAGED
    }

    public StoreException(Kind kind, String message) {
        this(kind, message, null, null);
    }

    public StoreException(Kind kind, String message, Throwable cause) {
        this(kind, message, null, cause);
    }

    private StoreException(Kind kind, String what, @Nullable String cure, @Nullable Throwable cause) {
        super(cure == null ? what : what + "; " + cure, cause);
        this.kind = kind;
        this.what = what;
        this.cure = cure;
    }

    /** Of kind {@link Kind#REFUSED}: an operator has to act, and is told how. */
    static StoreException refused(String what, String cure, @Nullable Throwable cause) {
        return new StoreException(Kind.REFUSED, what, cure, cause);
    }

    /** As {@link #refused}, because the data is damaged, gone or older than it should be: a backup helps. */
    static StoreException damaged(String what, @Nullable Throwable cause) {
        return damaged(what, "", cause);
    }

    /** The same with one more thing that can be done. */
    static StoreException damaged(String what, String furtherCure, @Nullable Throwable cause) {
        var refused = new StoreException(Kind.REFUSED, what, RESTORE + furtherCure, cause);
        refused.isDamage = true;
        return refused;
    }

    /** Whether the store does not open because its data is damaged, gone or older than it should be. */
    public boolean isDamage() {
        return isDamage;
    }

    /** The tables of an older hub are not changed. */
    public static StoreException migrationRefused(String what, String cure, Throwable cause) {
        return refused(what, cure, cause);
    }

    /** Of kind {@link Kind#REFUSED}, because somebody else has the data. */
    static StoreException inUse(String what, String cure, @Nullable Throwable cause) {
        var refused = refused(what, cure, cause);
        refused.isInUse = true;
        return refused;
    }

    /** Whether somebody else has the data. */
    public boolean isInUse() {
        return isInUse;
    }

    /** The message without the cure. */
    public String what() {
        return what;
    }

    /** What to do about it, if that is known; the message ends with it. */
    public Optional<String> cure() {
        return Optional.ofNullable(cure);
    }

    public Kind kind() {
        return kind;
    }
}
