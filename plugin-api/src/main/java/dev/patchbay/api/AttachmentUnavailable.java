package dev.patchbay.api;

/** A file that a message names cannot be had. */
public final class AttachmentUnavailable extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean isPermanent;

    /**
     * @param message shown to operators; holds no secret
     * @param isPermanent true if trying again is useless: gone, too large, address refused
     */
    public AttachmentUnavailable(String message, boolean isPermanent) {
        super(message);
        this.isPermanent = isPermanent;
    }

    public boolean isPermanent() {
        return isPermanent;
    }
}
