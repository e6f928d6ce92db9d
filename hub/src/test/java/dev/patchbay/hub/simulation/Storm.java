package dev.patchbay.hub.simulation;

/** Whether faults may happen, and how many did. */
final class Storm {
    private final Timeline timeline;
    private boolean isOver;
    private int faults;
    private int deniedMessages;

    Storm(Timeline timeline) {
        this.timeline = timeline;
    }

    boolean isOver() {
        return isOver;
    }

    void end() {
        isOver = true;
    }

    void fault(String what) {
        faults++;
        deniedMessages += what.equals("disk denies accept") ? 1 : 0;
        timeline.event(what);
    }

    /** How many messages were stored although the disk said no: of these the hub cannot know. */
    int deniedMessages() {
        return deniedMessages;
    }

    int faults() {
        return faults;
    }
}
