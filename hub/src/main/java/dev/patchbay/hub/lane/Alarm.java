package dev.patchbay.hub.lane;

import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.function.Consumer;

/** Calls back at a moment. Safe for many threads. */
public interface Alarm {

    /**
     * Runs {@code action} once at or shortly after {@code when}; a moment in the past means now. Runs on the alarm's own
     * thread: it must be short and must not block.
     */
    void at(Instant when, Runnable action);

    /**
     * As {@link #at(Instant, Runnable)}, for an owner that may be forgotten meanwhile: a plugin that was unloaded must not stay in
     * memory until an alarm of minutes ago goes off. {@code action} must not hold the owner itself.
     */
    default <T> void at(Instant when, T owner, Consumer<? super T> action) {
        var reference = new WeakReference<T>(owner);
        at(when, () -> {
            T still = reference.get();
            if (still != null) {
                action.accept(still);
            }
        });
    }
}
