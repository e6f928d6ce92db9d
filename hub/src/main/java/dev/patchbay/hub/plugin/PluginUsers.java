package dev.patchbay.hub.plugin;

/** Those who use what plugins offer. Told of one change at a time. */
public interface PluginUsers {

    /**
     * Takes up what is offered from now on, and leaves what is offered no more. When it returns, nothing of what was offered
     * before is in use any more: it will be unloaded. May take as long as the bounds on opening and closing allow.
     *
     * @throws PluginRefusal if what is new does not work; then everything is as before, and nothing of it is in use
     */
    void change(PluginChange change) throws PluginRefusal, InterruptedException;

    /** Hears what became of a file, after every change. Must not block. */
    void told(PluginStatus status);
}
