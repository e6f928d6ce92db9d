package dev.patchbay.fakes.telegram;

import dev.patchbay.fakes.http.Body;

/**
 * A file in a chat, whoever sent it.
 *
 * @param kind {@code photo, document, voice, audio, video, sticker, animation} or {@code video_note}
 * @param caption empty if there is none
 */
public record Media(String kind, String fileName, String mimeType, Body content, String caption) {

    public static Media photo(byte[] content) {
        return new Media("photo", "photo.jpg", "image/jpeg", Body.of(content), "");
    }

    public static Media document(String fileName, String mimeType, byte[] content) {
        return new Media("document", fileName, mimeType, Body.of(content), "");
    }

    public static Media voice(byte[] content) {
        return new Media("voice", "voice.oga", "audio/ogg", Body.of(content), "");
    }

    public static Media audio(byte[] content) {
        return new Media("audio", "audio.mp3", "audio/mpeg", Body.of(content), "");
    }

    public static Media video(byte[] content) {
        return new Media("video", "video.mp4", "video/mp4", Body.of(content), "");
    }

    public static Media sticker(byte[] content) {
        return new Media("sticker", "sticker.webp", "image/webp", Body.of(content), "");
    }

    public Media captioned(String caption) {
        return new Media(kind, fileName, mimeType, content, caption);
    }

    /** With its dot; empty if the name has none. */
    String extension() {
        int dot = fileName.lastIndexOf('.');
        return dot < 0 ? "" : fileName.substring(dot);
    }
}
