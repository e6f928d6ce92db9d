package dev.patchbay.api;

import java.util.List;

/**
 * A whole answer.
 *
 * @param messages what to send, in order; none means that the agent chose to be silent
 * @param inputTokens tokens read, 0 if not counted
 * @param outputTokens tokens written, 0 if not counted
 */
public record Reply(List<Message> messages, long inputTokens, long outputTokens) {

    /**
     * One message of an answer; its text may be blank only if it has attachments.
     *
     * @param buttons at most {@link Button#MAX}
     */
    public record Message(String text, List<Attachment> attachments, List<Button> buttons) {
        public Message {
            attachments = List.copyOf(attachments);
            buttons = List.copyOf(buttons);
        }

        public Message(String text, List<Attachment> attachments) {
            this(text, attachments, List.of());
        }
    }

    public Reply {
        messages = List.copyOf(messages);
    }

    public static Reply text(String text) {
        return new Reply(List.of(new Message(text, List.of())), 0, 0);
    }

    public static Reply silence() {
        return new Reply(List.of(), 0, 0);
    }
}
