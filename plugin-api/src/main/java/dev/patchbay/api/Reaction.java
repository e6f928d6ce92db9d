package dev.patchbay.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Somebody has put an emoji on a message, or taken it away.
 *
 * @param peer where
 * @param threadId thread or topic inside the peer, if known
 * @param sender who, if known
 * @param remoteId the platform's id of the message
 * @param emoji the emoji, or the platform's name of one of its own
 * @param added false if it was taken away
 */
public record Reaction(
        Peer peer, @Nullable String threadId, @Nullable Sender sender, String remoteId, String emoji, boolean added) {
    public Reaction {
        Objects.requireNonNull(peer, "peer");
        Objects.requireNonNull(remoteId, "remoteId");
        Objects.requireNonNull(emoji, "emoji");
    }
}
