package dev.patchbay.hub.session;

import dev.patchbay.api.Attachment;
import dev.patchbay.hub.tenant.Visibility;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of a caller of the API, who alone gets the answer.
 *
 * @param contextChannel with {@code contextUser}: to be routed like a message of this user from this channel
 * @param idempotencyKey recognises a repeat within 24 hours
 * @param method the method called, part of the idempotency key
 * @param caller the token's name, part of the idempotency key
 * @param sees what there is for the caller
 */
public record ChatRequest(
        String text,
        @Nullable String sessionKey,
        @Nullable String agentId,
        @Nullable String contextChannel,
        @Nullable String contextUser,
        List<Attachment> attachments,
        @Nullable String idempotencyKey,
        String method,
        String caller,
        Visibility sees) {
    public ChatRequest {
        attachments = List.copyOf(attachments);
    }
}
