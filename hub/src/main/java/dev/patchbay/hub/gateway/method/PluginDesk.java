package dev.patchbay.hub.gateway.method;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The plugins as operators see and change them. Safe for many threads; changes wait for their end, which takes minutes at most. */
public interface PluginDesk {

    /** All plugins that were found. */
    List<PluginState> plugins();

    /** Copies a file of the hub's machine into the plugins folder and loads it. */
    PluginState install(Path file) throws NotTaken, InterruptedException;

    /** Loads a plugin anew; empty if there is none of this id. */
    Optional<PluginState> reload(String pluginId) throws NotTaken, InterruptedException;

    /** Stops a plugin and deletes its file; false if there is none of this id. */
    boolean remove(String pluginId) throws NotTaken, InterruptedException;

    /** The change was not made; what ran before runs on. The message says why, without secrets. */
    final class NotTaken extends Exception {
        private static final long serialVersionUID = 1L;

        public NotTaken(String message) {
            super(message);
        }
    }

    /**
     * One plugin.
     *
     * @param state {@code running}, {@code failed}, {@code refused} or {@code stopped}
     * @param file its name in the plugins folder
     * @param reason why it does not run, or what is to be known although it does
     */
    record PluginState(
            String pluginId,
            String version,
            String state,
            String file,
            List<String> channels,
            List<String> agents,
            Optional<String> reason) {}
}
