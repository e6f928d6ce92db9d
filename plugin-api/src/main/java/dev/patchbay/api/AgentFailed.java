package dev.patchbay.api;

/** There is no answer. The message is for operators and callers of the API, never for peers; it must hold no secret. */
public final class AgentFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final long inputTokens;
    private final long outputTokens;

    public AgentFailed(String message) {
        super(message);
        inputTokens = 0;
        outputTokens = 0;
    }

    public AgentFailed(String message, Throwable cause) {
        super(message, cause);
        inputTokens = 0;
        outputTokens = 0;
    }

    /**
     * With what the failure has cost: tokens count also when they led to nothing.
     *
     * @param inputTokens tokens read, 0 if not counted
     * @param outputTokens tokens written, 0 if not counted
     */
    public AgentFailed(String message, long inputTokens, long outputTokens) {
        super(message);
        this.inputTokens = inputTokens;
        this.outputTokens = outputTokens;
    }

    /** Tokens read before it failed, 0 if not counted. */
    public long inputTokens() {
        return inputTokens;
    }

    /** Tokens written before it failed, 0 if not counted. */
    public long outputTokens() {
        return outputTokens;
    }
}
