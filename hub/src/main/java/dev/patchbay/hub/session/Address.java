package dev.patchbay.hub.session;

import dev.patchbay.api.Peer;
import org.jspecify.annotations.Nullable;

/**
 * Where a message can be sent to.
 *
 * @param threadId the thread inside the peer, if any
 */
public record Address(
        String channel,
        String accountId,
        Peer peer,
        @Nullable String threadId) {}
