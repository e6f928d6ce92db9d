package dev.patchbay.hub.simulation;

/** Whether faults may happen, and how many did. */
final class Storm {
    private final Timeline timeline;
    private boolean isOver;
    private int faults;

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
        timeline.event(what);
    }

    int faults() {
        return faults;
    }
}
