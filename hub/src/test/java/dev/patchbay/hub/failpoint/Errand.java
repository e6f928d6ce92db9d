package dev.patchbay.hub.failpoint;

/** What a hub is asked to do so that it comes past a fail point. */
enum Errand {
    /** Only to open and close. */
    OPEN,
    /** Messages in, turns, answers out. */
    TALK,
    /** What operators and the hub itself do to the store. */
    OPERATE,
    /** A turn that shows drafts. */
    SHOW,
    /** A record that turns out to be damaged. */
    DAMAGE,
    /** HTTP, streams and sockets. */
    CALL,
    /** Tasks, and the end of what is kept of them. */
    WORK,
    /** Plugins come, are replaced and go. */
    INSTALL;

    /** The errand that leads past a point. */
    static Errand past(FailPoint point) {
        return switch (point) {
            case StoreWrite.Passing(var write, var moment) ->
                switch (write) {
                    case ACCEPT, COMPLETE_TURN, COMPLETE_OWN_TURN, ATTEMPT_STARTED, ATTEMPT_ENDED, KEEP_NOTE -> TALK;
                    case CREATE_TASK, CHANGE_TASK, PRUNE_TASKS -> WORK;
                    case MOVE_DAMAGED -> DAMAGE;
                    default -> OPERATE;
                };
            case Place place -> past(place);
        };
    }

    private static Errand past(Place place) {
        return switch (place) {
            case LOCK_TAKEN,
                    LOCK_BEFORE_SYNC,
                    DATABASE_BEFORE_KEEPING,
                    DATABASE_BEFORE_SYNC,
                    DATABASE_BEFORE_MARK,
                    MARK_BEFORE_CREATE,
                    MARK_BEFORE_FORCE,
                    MARK_BEFORE_MOVE,
                    MARK_AFTER_MOVE,
                    STORE_BEFORE_CLOSE,
                    SECRET_BEFORE_CREATE,
                    SECRET_BEFORE_FORCE,
                    SECRET_BEFORE_MOVE,
                    SECRET_AFTER_MOVE,
                    FOLDER_BEFORE_SYNC -> OPEN;
            case FILE_BEFORE_REMOVE -> OPERATE;
            case CHANNEL_BEFORE_DRAFT, CHANNEL_AFTER_DRAFT, CHANNEL_BEFORE_COURTESY -> SHOW;
            case FILE_BEFORE_SEND,
                    EVENT_BEFORE_SEND,
                    CHANNEL_BEFORE_REQUEST,
                    HTTP_BEFORE_ANSWER,
                    HTTP_AFTER_ANSWER,
                    STREAM_BEFORE_ITEM,
                    SOCKET_BEFORE_FRAMES,
                    SOCKET_AFTER_FRAMES -> CALL;
            case PLUGIN_BEFORE_COPY,
                    PLUGIN_BEFORE_FORCE,
                    PLUGIN_BEFORE_LOAD,
                    PLUGIN_STAGE_BEFORE_COPY,
                    PLUGIN_STAGE_BEFORE_MOVE,
                    PLUGIN_STAGE_BEFORE_DELETE,
                    PLUGIN_BEFORE_MOVE,
                    PLUGIN_AFTER_MOVE,
                    PLUGIN_BEFORE_DELETE -> INSTALL;
            case TASK_BEGUN, TASK_ASKED -> WORK;
            default -> TALK;
        };
    }

    /** Whether a hub has to be opened anew to come past the point. */
    static boolean needsOpening(FailPoint point) {
        return past(point) == OPEN;
    }

    /** How many messages each peer has to say to come past the point. */
    static int messages(FailPoint point) {
        // Every second one brings a file; every third one is not confirmed.
        return point.name().contains("RECONCILE") ? 3 : point.name().startsWith("FILE") ? 2 : 1;
    }

    /** What has to fail before, so that the point is reached at all; nothing as a rule. */
    static String prelude(FailPoint point) {
        return point == Place.RECOVERY_BEFORE_OPENING ? "ACCEPT_BEFORE_COMMIT:throw," : "";
    }
}
