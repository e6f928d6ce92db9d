package dev.patchbay.hub.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened, as clients see it.
 *
 * @param type {@code chat.start}, {@code chat.delta}, {@code chat.end}, {@code chat.error}, {@code message.outbound},
 *     {@code delivery.dead}, {@code channel.state}, …
 * @param messageId the message it is about, if any
 * @param sessionKey the session it is about, if any
 * @param fields further members of the event in wire names: delta, text, error, channel, …
 * @param seq its own place in the durable sequence, or the latest known place for what is not durable; handed to clients
 *     as {@code cursor}: asking for what came after it misses nothing
 */
public record HubEvent(
        String type, @Nullable String messageId, @Nullable String sessionKey, Map<String, String> fields, long seq) {}
