package dev.patchbay.hub.failpoint;

/** Fail points outside of the store's group commit, each reached by one step of code. */
public enum Place implements FailPoint {
    // ---- the store's own files
    LOCK_TAKEN("the lock of the data folder is held, its owner not written yet"),
    LOCK_BEFORE_SYNC("the lock's owner is written, the folder not synced"),
    DATABASE_BEFORE_KEEPING("a database of which the mark does not say what is on disk is not kept aside yet"),
    DATABASE_BEFORE_SYNC("the database is open, what was found in it not synced"),
    DATABASE_BEFORE_MARK("the database is synced, not compared with the high-water mark yet"),
    MARK_BEFORE_CREATE("there is no high-water mark yet"),
    MARK_BEFORE_FORCE("a new high-water mark is written beside its place, not synced"),
    MARK_BEFORE_MOVE("a new high-water mark is synced, not in its place"),
    MARK_AFTER_MOVE("a new high-water mark is in its place, the folder not synced"),
    SECRET_BEFORE_CREATE("a secret of the hub's own is not there yet"),
    SECRET_BEFORE_FORCE("a new secret is written beside its place, not synced"),
    SECRET_BEFORE_MOVE("a new secret is synced, not in its place"),
    SECRET_AFTER_MOVE("a new secret is in its place, the folder not synced"),
    MARK_WRITTEN("the high-water mark is moved, not synced"),
    RECOVERY_BEFORE_OPENING("a store that failed is given up, not opened again yet"),
    STORE_BEFORE_CLOSE("the last write is over, the database not closed"),

    // ---- files of messages
    FOLDER_BEFORE_SYNC("the folder of the attachments is made and swept, not synced"),
    FILE_BEFORE_WRITE("a file comes in, nothing of it is on disk"),
    FILE_BEFORE_FORCE("a file is written beside its place, not synced"),
    FILE_BEFORE_MOVE("a file is synced, not in its place"),
    FILE_AFTER_MOVE("a file is in its place, the folder not synced"),
    FILE_BEFORE_TOLD("a file is on disk, who brought it not told"),
    FILE_BEFORE_REMOVE("a file that nobody names is about to go"),
    FILE_BEFORE_SEND("a file is about to be handed out over HTTP"),

    // ---- plugin files
    PLUGIN_BEFORE_COPY("a plugin's file is about to be copied into the drop-ins"),
    PLUGIN_BEFORE_FORCE("a plugin's file is copied, not synced"),
    PLUGIN_BEFORE_LOAD("a plugin's file is synced, not loaded"),
    PLUGIN_STAGE_BEFORE_COPY("the working copy of a plugin is about to be made"),
    PLUGIN_STAGE_BEFORE_MOVE("the working copy of a plugin is made, not in its place"),
    PLUGIN_STAGE_BEFORE_DELETE("a working copy of a plugin is about to go"),
    PLUGIN_BEFORE_MOVE("a new plugin runs, its file is not in its place"),
    PLUGIN_AFTER_MOVE("a new plugin runs and its file is in its place"),
    PLUGIN_BEFORE_DELETE("a plugin is unloaded, its file not deleted"),

    // ---- in, turn, out
    RECEIPT("a message is accepted, the channel that handed it in not told"),
    ANSWER("a turn has ended, the channel that waits for its answer not told"),
    NOTE_KEPT("a channel's note is kept, the channel not told"),
    TURN_BEGINS("a turn is about to begin"),
    AGENT_BEFORE_CALL("the agent is about to be asked"),
    AGENT_AFTER_CALL("the agent has answered, nobody knows yet"),
    TURN_BEFORE_STORE("a turn has its answer, which is not stored"),
    TURN_AFTER_STORE("a turn is stored, its answers are not in their lanes"),
    TASK_BEGUN("an attempt at a task has begun, which is stored, its agent not asked"),
    TASK_ASKED("the agent has worked on a task, what came of it is not stored"),
    EVENT_BEFORE_SEND("an event is about to be handed to those who listen"),
    CHANNEL_BEFORE_DELIVER("an attempt is stored, the channel not called"),
    CHANNEL_AFTER_DELIVER("the channel has answered, its outcome is not stored"),
    CHANNEL_BEFORE_RECONCILE("the channel is about to be asked what became of a message"),
    CHANNEL_AFTER_RECONCILE("the channel has said what became of a message, nothing is stored"),
    CHANNEL_BEFORE_DRAFT("a draft is about to be shown"),
    CHANNEL_AFTER_DRAFT("a draft is shown, its id not noted"),
    CHANNEL_BEFORE_COURTESY("typing is about to be shown, or a draft taken back"),

    // ---- doors
    CHANNEL_BEFORE_REQUEST("a request has come in for a channel, which does not know"),
    HTTP_BEFORE_ANSWER("a request is done, nothing of its answer is written"),
    HTTP_AFTER_ANSWER("the answer to a request is written"),
    STREAM_BEFORE_ITEM("an event or answer of a stream is about to be written"),
    SOCKET_BEFORE_FRAMES("events or answers of a WebSocket are about to be written"),
    SOCKET_AFTER_FRAMES("events or answers of a WebSocket are written");

    private final String meaning;

    Place(String meaning) {
        this.meaning = meaning;
    }

    @Override
    public String meaning() {
        return meaning;
    }
}
