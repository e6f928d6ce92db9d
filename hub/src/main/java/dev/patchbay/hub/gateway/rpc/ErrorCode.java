package dev.patchbay.hub.gateway.rpc;

/** The numbers of errors on the wire, with the message that goes with each. */
public enum ErrorCode {
    PARSE_ERROR(-32700, "Parse error"),
    INVALID_REQUEST(-32600, "Invalid Request"),
    METHOD_NOT_FOUND(-32601, "Method not found"),
    INVALID_PARAMS(-32602, "Invalid params"),
    INTERNAL(-32603, "Internal error"),
    UNAUTHORISED(-32001, "Unauthorised"),
    FORBIDDEN(-32003, "Forbidden"),
    NOT_FOUND(-32004, "Not found"),
    FULL(-32005, "Queue full"),
    TOO_LARGE(-32006, "Too large"),
    RATE_LIMITED(-32007, "Rate limited"),
    AGENT_FAILED(-32008, "Agent failed"),
    AGENT_TIMED_OUT(-32009, "Agent timed out"),
    NOT_STORED(-32010, "Not stored"),
    SHUTTING_DOWN(-32011, "Shutting down"),
    BUDGET_SPENT(-32012, "Budget spent");

    private final int number;
    private final String message;

    ErrorCode(int number, String message) {
        this.number = number;
        this.message = message;
    }

    public int number() {
        return number;
    }

    public String message() {
        return message;
    }
}
