package dev.patchbay.api;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One message that an agent has to answer.
 *
 * @param messageId the same when a turn is repeated after a crash
 * @param sessionKey names the conversation
 * @param agentId who is asked; a fallback agent sees its own name here
 * @param channel where the message came from, {@code api} if through JSON-RPC without a context
 * @param accountId the channel's account
 * @param peer whom the agent talks with, null if the session has no peer
 * @param sender who wrote it, if known
 * @param text what was said
 * @param attachments files that came with it
 * @param history what was said before, without this message
 */
public record Turn(
        String messageId,
        String sessionKey,
        String agentId,
        String channel,
        String accountId,
        @Nullable Peer peer,
        @Nullable Sender sender,
        String text,
        List<Attachment> attachments,
        History history) {

    public Turn {
        Objects.requireNonNull(messageId, "messageId");
        Objects.requireNonNull(sessionKey, "sessionKey");
        Objects.requireNonNull(text, "text");
        attachments = List.copyOf(attachments);
    }

    /** The conversation so far. Read from the store when asked. */
    @FunctionalInterface
    public interface History {

        /** Nothing was said before. */
        History EMPTY = limit -> List.of();

        /**
         * The latest lines, oldest first.
         *
         * @param limit from 0 to 1,000
         */
        List<Line> latest(int limit);
    }

    /**
     * One line of the conversation.
     *
     * @param role {@code user} or {@code assistant}
     */
    public record Line(String role, String content, Instant timestamp) {}
}
