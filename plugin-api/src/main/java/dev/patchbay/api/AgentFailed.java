package dev.patchbay.api;

/** There is no answer. The message is for operators and callers of the API, never for peers; it must hold no secret. */
public final class AgentFailed extends Exception {
    private static final long serialVersionUID = 1L;

    public AgentFailed(String message) {
        super(message);
    }

    public AgentFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
