package dev.patchbay.hub.gateway.method;

import java.util.Map;

/** The store and its backups as operators see them; answers are trees in wire names. Safe for many threads; takes as long as it takes. */
public interface StoreDesk {

    /** Makes a backup and reads it whole; the backup. */
    Map<String, Object> createBackup() throws NotDone, InterruptedException;

    /** The good backups, the newest first. */
    Map<String, Object> backups();

    /** How large the store is, how far it has come, what is in it, and how backups stand. */
    Map<String, Object> info() throws InterruptedException;

    /** Reads every record of a copy of the store, and compares it with the high-water mark. */
    Map<String, Object> check() throws NotDone, InterruptedException;

    /** The records that were set aside, the latest first. */
    Map<String, Object> setAside() throws InterruptedException;

    /** Lets go of what is over its age. */
    Map<String, Object> optimize() throws InterruptedException;

    /** Somebody has seen that the store was restored by itself; false if it was not. */
    boolean acknowledge() throws NotDone;

    /** It was not done; nothing has changed. The message says why and what to do, without secrets. */
    final class NotDone extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean isBusy;

        /** @param isBusy true if the same is under way for somebody else */
        public NotDone(String message, boolean isBusy) {
            super(message);
            this.isBusy = isBusy;
        }

        boolean isBusy() {
            return isBusy;
        }
    }
}
