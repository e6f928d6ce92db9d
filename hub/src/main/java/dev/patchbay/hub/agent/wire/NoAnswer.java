package dev.patchbay.hub.agent.wire;

/** Somebody who was asked gave no answer. The message is said of him ("answered …") and holds no secret. */
public final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean repeatable;
    private final transient AnswerJson.Usage usage;

    private NoAnswer(String message, boolean repeatable, AnswerJson.Usage usage) {
        super(message);
        this.repeatable = repeatable;
        this.usage = usage;
    }

    /** The same question may well succeed later. */
    public static NoAnswer forNow(String message) {
        return new NoAnswer(message, true, AnswerJson.Usage.UNKNOWN);
    }

    /** It is meant, and asking again would not help. */
    public static NoAnswer forGood(String message) {
        return new NoAnswer(message, false, AnswerJson.Usage.UNKNOWN);
    }

    public boolean isRepeatable() {
        return repeatable;
    }

    /** The same, said of somebody who has told what he used for nothing. */
    public NoAnswer after(AnswerJson.Usage used) {
        return new NoAnswer(String.valueOf(getMessage()), repeatable, used);
    }

    public AnswerJson.Usage usage() {
        return usage;
    }
}
