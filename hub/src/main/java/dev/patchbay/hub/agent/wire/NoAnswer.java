package dev.patchbay.hub.agent.wire;

/** Somebody who was asked gave no answer. The message is said of him ("answered …") and holds no secret. */
public final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean repeatable;

    private NoAnswer(String message, boolean repeatable) {
        super(message);
        this.repeatable = repeatable;
    }

    /** The same question may well succeed later. */
    public static NoAnswer forNow(String message) {
        return new NoAnswer(message, true);
    }

    /** It is meant, and asking again would not help. */
    public static NoAnswer forGood(String message) {
        return new NoAnswer(message, false);
    }

    public boolean isRepeatable() {
        return repeatable;
    }
}
