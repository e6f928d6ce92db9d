package dev.patchbay.hub;

import dev.patchbay.api.HttpReceiver;
import dev.patchbay.hub.channel.Channels;
import dev.patchbay.hub.channel.HttpTarget;
import dev.patchbay.hub.gateway.ChannelDoors;
import dev.patchbay.hub.gateway.method.ChannelDesk;
import dev.patchbay.hub.plugin.PluginHost;
import java.util.List;

/** Shows channels and plugins to the doors, which know nothing of how they are kept. */
final class Desk implements ChannelDesk, ChannelDoors {
    private final Channels channels;
    private final PluginHost plugins;

    Desk(Channels channels, PluginHost plugins) {
        this.channels = channels;
        this.plugins = plugins;
    }

    @Override
    public List<AccountState> accounts() {
        return channels.status().stream()
                .map(status -> new AccountState(
                        status.channel(),
                        status.accountId(),
                        status.state().word(),
                        status.since(),
                        status.lastError()))
                .toList();
    }

    @Override
    public boolean restart(String channel, String accountId) {
        return channels.restart(channel, accountId).isPresent();
    }

    @Override
    public boolean pause(String channel, String accountId) {
        return channels.pause(channel, accountId).isPresent();
    }

    @Override
    public boolean resume(String channel, String accountId) {
        return channels.resume(channel, accountId).isPresent();
    }

    @Override
    public List<PluginState> plugins() {
        return plugins.list().stream()
                .map(each -> new PluginState(
                        each.pluginId(),
                        each.version(),
                        each.state().word(),
                        each.file(),
                        each.channels(),
                        each.agents(),
                        each.reason()))
                .toList();
    }

    @Override
    public Found find(String path, String account) {
        return channels.httpTarget(path, account)
                .<Found>map(target -> new Found.Open(receiver(target)))
                .orElseGet(Found.Nothing::new);
    }

    private static HttpReceiver receiver(HttpTarget target) {
        return target::receive;
    }
}
