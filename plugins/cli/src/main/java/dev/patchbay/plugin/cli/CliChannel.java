package dev.patchbay.plugin.cli;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.Paced.Scope;
import dev.patchbay.api.OutboundMessage;
import java.time.Duration;

/** Shows each message to the terminals of its peer, and waits until there is one. */
final class CliChannel implements Channel {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final ChannelHost host;
    private volatile boolean isClosed;

    CliChannel(ChannelHost host) {
        this.host = host;
    }

    @Override
    public DeliveryOutcome deliver(OutboundMessage message) {
        if (!isClosed && host.present(message)) {
            return new Delivered("");
        }
        // Nobody has failed and nobody needs to give up: the message waits for its reader until its time to live ends.
        return new Paced("no terminal is attached for this peer", LOOK_AGAIN, Scope.PEER);
    }

    @Override
    public void close() {
        isClosed = true;
    }
}
