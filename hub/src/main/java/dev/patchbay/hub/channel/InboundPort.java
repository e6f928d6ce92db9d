package dev.patchbay.hub.channel;

import dev.patchbay.api.Answer;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Receipt;
import java.time.Duration;

/** Where channels hand in what they received. Messages are already known to be well-formed. Called by many threads. */
public interface InboundPort {

    /** As {@link dev.patchbay.api.ChannelHost#receive}. */
    Receipt receive(String channel, String accountId, InboundMessage message) throws NotAccepted, InterruptedException;

    /** As {@link dev.patchbay.api.ChannelHost#receiveAndWait}. */
    Answer receiveAndWait(String channel, String accountId, InboundMessage message, Duration wait)
            throws NotAccepted, InterruptedException;
}
