package dev.patchbay.plugin.discord;

/** A request without an answer. */
final class ApiTrouble extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean mayHaveArrived;

    ApiTrouble(Exception cause, boolean mayHaveArrived) {
        super(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(), cause);
        this.mayHaveArrived = mayHaveArrived;
    }

    /** False if the request certainly never left. */
    boolean mayHaveArrived() {
        return mayHaveArrived;
    }
}
