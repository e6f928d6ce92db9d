package dev.patchbay.hub.backup;

/** A backup could not be made, or is not good. The message says why, the cure what to do. */
public final class BackupTrouble extends Exception {
    private static final long serialVersionUID = 1L;
    private final Kind kind;
    private final String cure;

    /** What kind of trouble. */
    public enum Kind {
        /** There is no such backup, or none at all. */
        NOT_FOUND,
        /** Another one is being made. */
        BUSY,
        /** The disk has not enough room. */
        NO_ROOM,
        /** What was copied, or is in the backup, is damaged. */
        DAMAGED,
        /** The disk does not do what it should. */
        DISK
    }

    BackupTrouble(Kind kind, String message, String cure) {
        this(kind, message, cure, null);
    }

    BackupTrouble(Kind kind, String message, String cure, @org.jspecify.annotations.Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.cure = cure;
    }

    public Kind kind() {
        return kind;
    }

    public String cure() {
        return cure;
    }
}
