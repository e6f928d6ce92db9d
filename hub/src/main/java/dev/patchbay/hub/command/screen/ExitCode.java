package dev.patchbay.hub.command.screen;

/** What a command tells the shell. */
public enum ExitCode {
    DONE(0),
    /** A configuration problem, a failed check, or the hub said no. */
    FAILED(1),
    /** The command line makes no sense. */
    USAGE(2),
    /** Could not start the hub, or not reach it. */
    NO_HUB(3);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
