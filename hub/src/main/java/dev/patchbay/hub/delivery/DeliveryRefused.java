package dev.patchbay.hub.delivery;

/** A message was not queued, and why. */
public final class DeliveryRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What was wrong. */
    public enum Reason {
        /** No such channel or account in the configuration. */
        UNKNOWN_ACCOUNT,
        /** The account only takes in. */
        CANNOT_SEND,
        /** Nothing to send. */
        EMPTY,
        /** The channel's queue is at its limit. */
        FULL,
        /** The hub shuts down. */
        SHUTTING_DOWN
    }

    DeliveryRefused(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What is said of an account that is not there. */
    public static DeliveryRefused unknownAccount(String channel, String accountId) {
        return new DeliveryRefused(Reason.UNKNOWN_ACCOUNT, "channel " + channel + " has no account " + accountId);
    }

    public Reason reason() {
        return reason;
    }
}
