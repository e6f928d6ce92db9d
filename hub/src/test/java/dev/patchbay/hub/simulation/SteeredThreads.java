package dev.patchbay.hub.simulation;

import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/** Virtual threads whose every step is run by an executor of ours. The JDK has them, but opens no official door (ADR 0015). */
final class SteeredThreads {
    private SteeredThreads() {}

    /**
     * Makes threads.
     *
     * @param scheduler is given what a thread does until it parks next, each time that it can go on
     * @param broken takes what a thread threw
     */
    static ThreadFactory on(Executor scheduler, Thread.UncaughtExceptionHandler broken) {
        try {
            Constructor<?> door = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            door.setAccessible(true);
            return ((Thread.Builder.OfVirtual) door.newInstance(scheduler))
                    .name("simulated-", 0)
                    .uncaughtExceptionHandler(broken)
                    .factory();
        } catch (ReflectiveOperationException | InaccessibleObjectException | ClassCastException changed) {
            throw new IllegalStateException(
                    "JDK " + Runtime.version() + " lets no virtual thread run on a scheduler of ours: needed are"
                            + " --add-opens java.base/java.lang=ALL-UNNAMED and the constructor"
                            + " java.lang.ThreadBuilders$VirtualThreadBuilder(Executor); see docs/adr/0015",
                    changed);
        }
    }
}
