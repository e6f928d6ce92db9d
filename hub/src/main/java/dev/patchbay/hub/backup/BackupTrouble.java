package dev.patchbay.hub.backup;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

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

    BackupTrouble(Kind kind, String message, String cure, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.cure = cure;
    }

    /** There is no store that could be backed up. */
    public static BackupTrouble nothing(Path database) {
        return new BackupTrouble(
                Kind.NOT_FOUND,
                "there is no store at " + database,
                "name the configuration with --config, or the folder with --set hub.data-dir=FOLDER");
    }

    public Kind kind() {
        return kind;
    }

    public String cure() {
        return cure;
    }
}
