package dev.patchbay.hub.schedule;

/** A schedule is not made, or not taken away. The message is fit for whoever asked. */
public final class ScheduleRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final String parameter;

    ScheduleRefused(String parameter, String why) {
        super(why);
        this.parameter = parameter;
    }

    /** What is wrong about the request. */
    public String parameter() {
        return parameter;
    }

    /** Why. */
    public String why() {
        return String.valueOf(getMessage());
    }
}
