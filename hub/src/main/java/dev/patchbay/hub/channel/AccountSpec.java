package dev.patchbay.hub.channel;

import dev.patchbay.api.ChannelSettings;

/**
 * One account as the configuration has it.
 *
 * @param enabled false: it is shown as stopped and never opened
 */
public record AccountSpec(ChannelSettings settings, boolean enabled) {
    public String channel() {
        return settings.channel();
    }

    public String accountId() {
        return settings.accountId();
    }
}
