package dev.patchbay.hub.channel;

import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;

/** A call into a plugin that ended otherwise than promised: it threw, or it never came back. The message is one line. */
final class PluginFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean late;

    private PluginFault(String message, @Nullable Throwable cause, boolean late) {
        super(message, cause);
        this.late = late;
    }

    static PluginFault threw(Throwable thrown) {
        Throwable inside = thrown instanceof InvocationTargetException ? thrown.getCause() : null;
        Throwable cause = inside == null ? thrown : inside;
        return new PluginFault(describe(cause), cause, false);
    }

    static PluginFault late(String message) {
        return new PluginFault(message, null, true);
    }

    /** True if the call was given up, so that its thread may still be running. */
    boolean isLate() {
        return late;
    }

    /** What was thrown, for people: the message of an exception, and the kind of it unless the message stands for itself. */
    static String describe(Throwable thrown) {
        @Nullable String message;
        try {
            message = thrown.getMessage();
        } catch (RuntimeException | Error alsoThrows) {
            message = null;
        }
        String kind = thrown.getClass().getSimpleName();
        return message == null || message.isBlank() ? kind : kind + ": " + message;
    }
}
