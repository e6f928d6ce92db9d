package dev.patchbay.hub.failpoint;

/** Every kind of write to the store; each passes the same moments on its way to the disk. */
public enum StoreWrite {
    ACCEPT("an inbound message"),
    COMPLETE_TURN("the end of a turn with its lines and answers"),
    COMPLETE_OWN_TURN("the end of a turn that the hub began by itself, with its lines and answers"),
    SET_ASIDE("a message that cannot be processed"),
    ENQUEUE("a message of nobody's turn"),
    ATTEMPT_STARTED("that an attempt begins"),
    ATTEMPT_ENDED("how an attempt ended"),
    REDRIVE("that dead letters are tried again"),
    END_DELIVERIES("that deliveries are given up"),
    CREATE_TASK("a new task"),
    CHANGE_TASK("how far a task has come"),
    PRUNE_TASKS("the end of tasks that are too many"),
    CLEAR_SESSION("that a transcript is emptied"),
    DELETE_SESSION("that a session is gone"),
    APPEND_EVENT("an event of its own"),
    SAVE_BINDINGS("a binding table"),
    KEEP_NOTE("a note"),
    INCREASE("what is added to what notes count"),
    PRUNE("the end of what is over its age"),
    PROBE("nothing, to see whether the store takes it"),
    MOVE_DAMAGED("a damaged record that was met while reading");

    private final String what;

    StoreWrite(String what) {
        this.what = what;
    }

    /** Where a write stands on its way. */
    public enum Moment {
        BEFORE_WRITE("before it is written"),
        BEFORE_COMMIT("written, before the commit"),
        BEFORE_SYNC("committed, before the sync"),
        BEFORE_MARK("synced, before the high-water mark is moved"),
        BEFORE_TOLD("all is on disk, before those who wait for it are told");

        private final String meaning;

        Moment(String meaning) {
            this.meaning = meaning;
        }

        /** What has happened so far and what has not. */
        public String meaning() {
            return meaning;
        }
    }

    /** What a commit tells of its way to the disk. */
    @FunctionalInterface
    public interface Way {

        /** As {@link FailPoints#reach}, for each write of the commit. */
        void reach(Moment moment);
    }

    /** One kind of write at one moment. */
    public record Passing(StoreWrite write, Moment moment) implements FailPoint {

        @Override
        public String name() {
            return write.name() + "_" + moment.name();
        }

        @Override
        public String meaning() {
            return write.what + ": " + moment.meaning;
        }
    }

    /** What it writes. */
    public String meaning() {
        return what;
    }

    /** The point where such a write is at that moment. */
    public FailPoint at(Moment moment) {
        return new Passing(this, moment);
    }
}
