package dev.patchbay.hub.plugin;

/** A plugin is not what it has to be. The message is for its author: what is wrong, and what to do. */
public final class PluginRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    public PluginRefusal(String message) {
        super(message);
    }
}
