package dev.patchbay.hub.plugin;

import dev.patchbay.api.Answer;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Receipt;
import java.time.Clock;
import java.time.Duration;

/** A hub that is never spoken to. */
final class SilentHost implements ChannelHost {
    @Override
    public Receipt receive(InboundMessage message) {
        return new Receipt("m1", false);
    }

    @Override
    public Answer receiveAndWait(InboundMessage message, Duration wait) {
        return new Answer(receive(message), Answer.Status.PENDING, "", "agent:main:main");
    }

    @Override
    public boolean present(OutboundMessage message) {
        return false;
    }

    @Override
    public void report(Condition condition, String reason) {}

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }
}
