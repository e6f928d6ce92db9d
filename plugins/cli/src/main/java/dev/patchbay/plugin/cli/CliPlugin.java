package dev.patchbay.plugin.cli;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.api.ChannelSettings;
import org.pf4j.Extension;

/** Terminals as a channel. What people type comes in through the hub's own JSON-RPC, so this one only delivers. */
@Extension
public final class CliPlugin implements ChannelPlugin {

    @Override
    public String type() {
        return "cli";
    }

    @Override
    public String accountSchema() {
        return "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}";
    }

    @Override
    public Channel open(ChannelSettings settings, ChannelHost host) {
        return new CliChannel(host);
    }
}
