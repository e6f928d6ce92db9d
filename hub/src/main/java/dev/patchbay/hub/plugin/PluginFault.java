package dev.patchbay.hub.plugin;

import java.lang.reflect.InvocationTargetException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A call into a plugin that ended otherwise than promised: it threw, or it never came back. The message is one line. */
public final class PluginFault extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int CAUSES_MAX = 5;
    private static final int FRAMES_MAX = 15;
    private static final int WORDS_MAX = 2_000;

    private final boolean late;

    private PluginFault(String message, @Nullable Throwable cause, boolean late) {
        super(message, cause);
        this.late = late;
    }

    public static PluginFault threw(Throwable thrown) {
        Throwable inside = thrown instanceof InvocationTargetException ? thrown.getCause() : null;
        Throwable cause = inside == null ? thrown : inside;
        return new PluginFault(describe(cause), cause, false);
    }

    public static PluginFault late(String message) {
        return new PluginFault(message, null, true);
    }

    /** True if the call was given up, so that its thread may still be running. */
    public boolean isLate() {
        return late;
    }

    /** What was thrown, for people: the message of an exception, and the kind of it unless the message stands for itself. */
    public static String describe(Throwable thrown) {
        @Nullable String message;
        try {
            message = thrown.getMessage();
        } catch (RuntimeException | Error alsoThrows) {
            message = null;
        }
        String kind = thrown.getClass().getSimpleName();
        return message == null || message.isBlank() ? kind : kind + ": " + message;
    }

    /**
     * For the log: who threw what and why, shorter than usual, so that it is bounded and the cause at the end still shows.
     *
     * @param masked makes a message fit to be written
     */
    public String trace(UnaryOperator<String> masked) {
        var text = new StringBuilder();
        try {
            Throwable each = getCause() == null ? this : getCause();
            for (int depth = 0; each != null && depth < CAUSES_MAX; depth++) {
                String words = masked.apply(describe(each));
                text.append(depth == 0 ? "" : "\ncaused by ").append(words, 0, Math.min(words.length(), WORDS_MAX));
                if (each != this) {
                    Stream.of(each.getStackTrace()).limit(FRAMES_MAX).forEach(frame -> text.append("\n\tat ")
                            .append(frame));
                }
                each = each.getCause();
            }
        } catch (RuntimeException | Error hostile) {
            text.append('\n').append(hostile.getClass().getName());
        }
        return text.toString();
    }
}
