package dev.patchbay.hub.command.screen;

import org.jspecify.annotations.Nullable;

/** A command cannot go on. Printed as one line that says what is wrong and one that says what to do. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;
    private final String cure;

    /**
     * @param message what is wrong, with the place; without secrets
     * @param cure what to do about it; empty if all has been said
     */
    public Failure(ExitCode code, String message, String cure) {
        this(code, message, cure, null);
    }

    public Failure(ExitCode code, String message, String cure, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.cure = cure;
    }

    public ExitCode code() {
        return code;
    }

    public String cure() {
        return cure;
    }

    /** What is wrong; unlike {@link #getMessage} never null. */
    public String what() {
        return String.valueOf(getMessage());
    }
}
