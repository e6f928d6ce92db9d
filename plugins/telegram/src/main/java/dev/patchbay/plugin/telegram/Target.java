package dev.patchbay.plugin.telegram;

import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.plugin.telegram.TelegramSettings.ReplyMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.telegram.telegrambots.meta.api.objects.ReplyParameters;

/**
 * Where something goes.
 *
 * @param thread the topic, or null
 * @param answered the message that it quotes, or null
 */
record Target(
        String chat, @Nullable Integer thread, @Nullable Integer answered) {
    private static final Pattern MESSAGE = Pattern.compile("(-?\\d{1,19}):(\\d{1,9})(?::.*)?");

    /**
     * Reads the address of a message.
     *
     * @throws IllegalArgumentException if the thread is none of Telegram's
     */
    static Target of(OutboundMessage message, ReplyMode mode) {
        boolean quotes = message.part() == 1
                && switch (mode) {
                    case ALWAYS -> true;
                    case NEVER -> false;
                    case GROUPS -> message.to().kind() != Peer.Kind.DIRECT;
                };
        return of(message.to(), message.threadId(), quotes ? message.replyTo() : null);
    }

    static Target of(Peer to, @Nullable String threadId, @Nullable String replyTo) {
        return new Target(to.id(), threadId == null ? null : thread(threadId), messageId(to.id(), replyTo));
    }

    /** The number of a message of this chat by its remote id; null if it is none. */
    static @Nullable Integer messageId(String chat, @Nullable String remoteId) {
        Matcher matcher = MESSAGE.matcher(remoteId == null ? "" : remoteId);
        return matcher.matches() && matcher.group(1).equals(chat) ? Integer.valueOf(matcher.group(2)) : null;
    }

    Target in(String otherChat) {
        return new Target(otherChat, thread, null);
    }

    Target withoutAnswered() {
        return new Target(chat, thread, null);
    }

    /** The quote; a message that is gone meanwhile is no reason not to answer. */
    @Nullable
    ReplyParameters reply() {
        return answered == null
                ? null
                : ReplyParameters.builder()
                        .messageId(answered)
                        .allowSendingWithoutReply(true)
                        .build();
    }

    private static Integer thread(String id) {
        if (!id.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("thread " + FileFetch.clean(id) + " is no topic of Telegram's");
        }
        return Integer.valueOf(id);
    }
}
