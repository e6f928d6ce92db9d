package dev.patchbay.plugin.telegram;

import dev.patchbay.api.Attachment;
import java.net.URLConnection;
import java.util.Locale;
import java.util.Set;

/** How Telegram shows an attachment. */
enum MediaKind {
    PHOTO,
    ANIMATION,
    VIDEO,
    AUDIO,
    VOICE,
    PLACE,
    DOCUMENT;

    private static final Set<String> FETCHED_AS_DOCUMENT = Set.of("application/pdf", "application/zip");

    static MediaKind of(Attachment attachment) {
        if (attachment.url().startsWith("geo:")) {
            return PLACE;
        }
        return switch (typeOf(attachment)) {
            case "image/jpeg", "image/jpg", "image/png" -> PHOTO;
            case "image/gif" -> ANIMATION;
            case "video/mp4" -> VIDEO;
            case "audio/ogg", "audio/opus" -> VOICE;
            case "audio/mpeg", "audio/mp3", "audio/mp4", "audio/m4a", "audio/x-m4a" -> AUDIO;
            default -> DOCUMENT;
        };
    }

    /** True if Telegram fetches such a file itself when it is given the address; of documents it does so with few kinds only. */
    boolean isFetched(Attachment attachment) {
        boolean isOnTheWeb =
                attachment.url().startsWith("https://") || attachment.url().startsWith("http://");
        return isOnTheWeb && (this != DOCUMENT || FETCHED_AS_DOCUMENT.contains(typeOf(attachment)));
    }

    private static String typeOf(Attachment attachment) {
        String type = attachment.mediaType();
        if (type == null) {
            String name = attachment.name() == null ? attachment.url() : attachment.name();
            type = URLConnection.guessContentTypeFromName(name);
        }
        if (type == null) {
            return "";
        }
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
    }
}
