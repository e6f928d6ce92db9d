package dev.patchbay.hub.agent;

import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a reply may be, whoever made it. */
final class ReplyRules {
    static final int MESSAGES_MAX = 100;
    static final int ATTACHMENTS_MAX = 100;

    private ReplyRules() {}

    /**
     * The reply with well-formed texts and without messages that say nothing; no messages means silence.
     *
     * @throws AgentFailed if it breaks a bound
     */
    @SuppressWarnings("ConstantValue") // plugins are compiled elsewhere, without our null checks
    static Reply checked(@Nullable Reply reply) throws AgentFailed {
        if (reply == null) {
            throw new AgentFailed("it gave no reply");
        }
        if (reply.messages().size() > MESSAGES_MAX) {
            throw new AgentFailed("its reply has more than " + MESSAGES_MAX + " messages");
        }
        var messages = new ArrayList<Reply.Message>(reply.messages().size());
        long chars = 0;
        for (Reply.Message each : reply.messages()) {
            if (each.text() == null) {
                throw new AgentFailed("a message of its reply has no text");
            }
            if (each.attachments().size() > ATTACHMENTS_MAX) {
                throw new AgentFailed("a message of its reply has more than " + ATTACHMENTS_MAX + " attachments");
            }
            chars += each.text().length();
            // Cheap and first: what is not too long in chars may be in bytes, never the other way round.
            if (chars > TurnGate.TEXT_BYTES_MAX) {
                throw tooLong();
            }
            if (!each.text().isBlank() || !each.attachments().isEmpty()) {
                messages.add(new Reply.Message(AnswerText.wellFormed(each.text()), each.attachments(), each.buttons()));
            }
        }
        return new Reply(messages, Math.max(0, reply.inputTokens()), Math.max(0, reply.outputTokens()));
    }

    /**
     * The texts of a checked reply, joined by a blank line.
     *
     * @throws AgentFailed if they are too long together
     */
    static String text(Reply reply) throws AgentFailed {
        List<Reply.Message> messages = reply.messages();
        String text = messages.size() == 1
                ? messages.getFirst().text()
                : messages.stream()
                        .map(Reply.Message::text)
                        .filter(each -> !each.isBlank())
                        .collect(Collectors.joining("\n\n"));
        if (text.length() > TurnGate.TEXT_BYTES_MAX / 3) {
            var measured = new AnswerText();
            measured.append(text);
            if (measured.utf8Bytes() > TurnGate.TEXT_BYTES_MAX) {
                throw tooLong();
            }
        }
        return text;
    }

    private static AgentFailed tooLong() {
        return new AgentFailed("its answer is longer than 10 MB");
    }
}
