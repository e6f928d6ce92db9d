package dev.patchbay.hub.store;

/** Nothing was stored, or nothing could be read. The message names the cause and holds no secret. */
public class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

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
        super(message);
        this.kind = kind;
    }

    public StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
