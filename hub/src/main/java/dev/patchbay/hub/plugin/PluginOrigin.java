package dev.patchbay.hub.plugin;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Where a channel or agent comes from. Code of a plugin runs with its own class loader as the thread's, so that its libraries
 * find their parts, and its log lines carry its id as {@code plugin}.
 */
public record PluginOrigin(String pluginId, ClassLoader loader) {

    /** Something that stands for an object of a plugin. */
    public interface Known {
        PluginOrigin origin();
    }

    public static PluginOrigin of(Object extension) {
        return extension instanceof Known known
                ? known.origin()
                : new PluginOrigin("built-in", extension.getClass().getClassLoader());
    }

    public <T extends @Nullable Object> T inside(Callable<T> work) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        MDC.put("plugin", pluginId);
        try {
            return work.call();
        } finally {
            MDC.remove("plugin");
            thread.setContextClassLoader(before);
        }
    }
}
