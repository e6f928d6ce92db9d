package dev.patchbay.hub.lane;

import java.util.concurrent.ThreadFactory;

/**
 * On whose behalf a thread works: a connection, an account of a channel, or the hub itself. Queues that all share serve origins in
 * turn, so that whoever floods waits behind himself. It decides about nothing but turns. Threads that are started by
 * {@link #carriedBy} work for the one who has started them.
 */
public final class Origin {
    /** The hub itself, where nobody outside waits. */
    public static final Object HUB = new Object();

    private static final ScopedValue<Object> CURRENT = ScopedValue.newInstance();

    private Origin() {}

    /** Work for somebody, which may fail in two ways. */
    @FunctionalInterface
    public interface Work<R, X extends Exception, Y extends Exception> {
        R run() throws X, Y;
    }

    /** Work of which nothing comes back. */
    @FunctionalInterface
    public interface Step<X extends Exception, Y extends Exception> {
        void run() throws X, Y;
    }

    /** Whom the calling thread works for; compared by {@code equals}. */
    public static Object current() {
        return CURRENT.orElse(HUB);
    }

    /** Does something for somebody. */
    @SuppressWarnings("unchecked") // What is neither X nor unchecked is Y.
    public static <R, X extends Exception, Y extends Exception> R as(Object origin, Work<R, X, Y> work) throws X, Y {
        try {
            return ScopedValue.where(CURRENT, origin).<R, Exception>call(work::run);
        } catch (RuntimeException unchecked) {
            throw unchecked;
        } catch (Exception declared) {
            throw (Y) declared;
        }
    }

    /** Likewise, of which nothing comes back. */
    public static <X extends Exception, Y extends Exception> void doAs(Object origin, Step<X, Y> step) throws X, Y {
        Origin.<Boolean, X, Y>as(origin, () -> {
            step.run();
            return true;
        });
    }

    /** Threads that go on for the one who makes them. */
    public static ThreadFactory carriedBy(ThreadFactory threads) {
        return task -> threads.newThread(carried(task));
    }

    private static Runnable carried(Runnable task) {
        if (!CURRENT.isBound()) {
            return task;
        }
        Object origin = CURRENT.get();
        return () -> ScopedValue.where(CURRENT, origin).run(task);
    }
}
