package dev.patchbay.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An answer while it is being written. The whole answer follows as an {@link OutboundMessage} that names the draft and takes its
 * place.
 *
 * @param to who sees it grow
 * @param threadId thread or topic inside the peer, if any
 * @param text everything so far, already within {@link ChannelPlugin#textLimit}; blank only when it is taken away
 * @param replyTo the platform's id of the message that is being answered, if any
 * @param remoteId the platform's id of the draft as it was answered to the first one; null: there is none yet
 */
public record Draft(
        Peer to,
        @Nullable String threadId,
        String text,
        @Nullable String replyTo,
        @Nullable String remoteId) {
    public Draft {
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(text, "text");
    }
}
