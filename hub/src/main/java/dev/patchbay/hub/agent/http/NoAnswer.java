package dev.patchbay.hub.agent.http;

/** One call of an agent's service brought no answer. The message follows "the service at …" and holds no secret. */
final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean repeatable;

    private NoAnswer(String message, boolean repeatable) {
        super(message);
        this.repeatable = repeatable;
    }

    /** The same call may well succeed later. */
    static NoAnswer forNow(String message) {
        return new NoAnswer(message, true);
    }

    /** The service means it. */
    static NoAnswer forGood(String message) {
        return new NoAnswer(message, false);
    }

    boolean isRepeatable() {
        return repeatable;
    }
}
