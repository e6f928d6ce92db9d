package dev.patchbay.hub.plugin;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of one file in a plugins folder.
 *
 * @param pluginId as its manifest says; the file's name without extension if that cannot be read
 * @param version empty if it cannot be read
 * @param file the file's name
 * @param channels names of the channels it offers
 * @param agents types of agents it offers
 * @param reason why it is not running, for the plugin's author, with a cure
 */
public record PluginStatus(
        String pluginId,
        String version,
        State state,
        String file,
        List<String> channels,
        List<String> agents,
        Optional<String> reason) {

    /** What a plugin can be. */
    public enum State {
        RUNNING,
        /** Its own code threw or did not come back. */
        FAILED,
        /** Its code was never run, or it is not what it has to be. */
        REFUSED,
        STOPPED;

        /** The word on the wire. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public PluginStatus {
        channels = List.copyOf(channels);
        agents = List.copyOf(agents);
    }
}
