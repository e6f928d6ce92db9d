package dev.patchbay.hub;

import dev.patchbay.api.HttpReceiver;
import dev.patchbay.hub.channel.Channels;
import dev.patchbay.hub.channel.HttpTarget;
import dev.patchbay.hub.gateway.ChannelDoors;
import dev.patchbay.hub.gateway.method.ChannelDesk;
import java.util.List;

/** Shows channels to the doors, which know nothing of how they are kept. */
final class Desk implements ChannelDesk, ChannelDoors {
    private final Channels channels;

    Desk(Channels channels) {
        this.channels = channels;
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
    public Found find(String path, String account) {
        return channels.httpTarget(path, account)
                .<Found>map(target -> new Found.Open(receiver(target)))
                .orElseGet(Found.Nothing::new);
    }

    private static HttpReceiver receiver(HttpTarget target) {
        return target::receive;
    }
}
