package dev.patchbay.plugin.webhook;

/** A request cannot become a message. The text is for the sender: what is wrong and what to send instead. */
final class BadRequest extends Exception {
    private static final long serialVersionUID = 1L;

    BadRequest(String message) {
        super(message, null, false, false);
    }
}
