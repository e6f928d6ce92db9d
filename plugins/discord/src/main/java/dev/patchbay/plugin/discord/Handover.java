package dev.patchbay.plugin.discord;

import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Note;
import dev.patchbay.api.Receipt;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands messages to the hub until it has them. One thread per channel. */
final class Handover {
    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);
    private static final Duration PAUSE_MIN = Duration.ofMillis(500);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);

    private final ChannelHost host;
    private final Memory memory;

    Handover(ChannelHost host, Memory memory) {
        this.host = host;
        this.memory = memory;
    }

    /**
     * Returns when the hub has the message, has turned it away, or will never take it. While the hub cannot store it, nothing later
     * of this channel is handed in.
     *
     * @param messageId how far the channel is read with this message; null if that does not move
     */
    Optional<Receipt> hand(InboundMessage message, String channel, @Nullable String messageId)
            throws InterruptedException {
        @Nullable Note note = messageId == null ? null : memory.noteFor(channel, messageId);
        while (true) {
            Duration pause;
            try {
                Receipt receipt = note == null ? host.receive(message) : host.receive(message, note);
                if (note != null) {
                    memory.isKept(channel, note);
                }
                return Optional.of(receipt);
            } catch (NotAccepted refused) {
                if (isFinal(refused.reason())) {
                    LOG.warn(
                            "Message {} of channel {} is not taken: {}",
                            message.remoteId(),
                            channel,
                            refused.getMessage());
                    if (messageId != null) {
                        memory.keepReadUpTo(channel, messageId);
                    }
                    return Optional.empty();
                }
                pause = refused.retryAfter();
            }
            Thread.sleep(
                    pause.compareTo(PAUSE_MIN) < 0 ? PAUSE_MIN : pause.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause);
        }
    }

    private static boolean isFinal(NotAccepted.Reason reason) {
        return reason == NotAccepted.Reason.TOO_LARGE || reason == NotAccepted.Reason.INVALID;
    }
}
