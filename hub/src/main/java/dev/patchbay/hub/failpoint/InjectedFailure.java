package dev.patchbay.hub.failpoint;

/** A failure that was asked for. */
public final class InjectedFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InjectedFailure(FailPoint point) {
        super("fail point " + point.name());
    }
}
