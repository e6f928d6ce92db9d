package dev.patchbay.hub.agent.process;

/** A worker is of no use any more. The message follows "its program" and holds nothing that the program has said. */
final class WorkerLost extends Exception {
    private static final long serialVersionUID = 1L;

    private final Loss loss;

    WorkerLost(Loss loss, String message) {
        super(message);
        this.loss = loss;
    }

    Loss loss() {
        return loss;
    }
}
