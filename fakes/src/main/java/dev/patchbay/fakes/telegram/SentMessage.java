package dev.patchbay.fakes.telegram;

import java.util.List;
import java.util.Optional;

/**
 * What people in a chat see of one message of the bot's, as it is now.
 *
 * @param kind {@code text, location}, or the kind of its file
 * @param text as shown, without tags and without blanks at its ends; of a file its caption
 * @param source the text as the bot sent it
 * @param parseMode empty if it was sent plain
 * @param marks what is marked in the text
 * @param threadId the topic it stands in
 * @param replyTo the message it answers
 * @param albumId joins the files that were sent together
 * @param buttons row after row
 * @param edits earlier texts and when they were replaced, oldest first; an edit of the buttons alone is one too
 * @param arrivedNanos {@link System#nanoTime()} when its request was read
 */
public record SentMessage(
        long messageId,
        String kind,
        String text,
        String source,
        String parseMode,
        List<Mark> marks,
        Optional<Long> threadId,
        Optional<Long> replyTo,
        Optional<String> albumId,
        List<Button> buttons,
        List<Media> files,
        List<Edit> edits,
        boolean isDeleted,
        long arrivedNanos) {

    public SentMessage {
        marks = List.copyOf(marks);
        buttons = List.copyOf(buttons);
        files = List.copyOf(files);
        edits = List.copyOf(edits);
    }

    /**
     * A part of the text that is shown in a way of its own.
     *
     * @param type Telegram's name, for instance {@code bold}
     * @param part the text it covers
     * @param argument address or language; empty if it has none
     */
    public record Mark(String type, String part, String argument) {}

    /**
     * @param data what the bot gets when it is pressed; empty if the button is a link
     * @param url empty if it is not a link
     */
    public record Button(String label, String data, String url) {}

    /**
     * One edit.
     *
     * @param before the text that was replaced
     * @param atNanos {@link System#nanoTime()} when its request was read
     */
    public record Edit(String before, long atNanos) {}
}
