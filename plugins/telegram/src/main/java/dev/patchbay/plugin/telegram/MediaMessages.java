package dev.patchbay.plugin.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.AttachmentUnavailable;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.Button;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telegram.telegrambots.meta.api.methods.send.SendAnimation;
import org.telegram.telegrambots.meta.api.methods.send.SendAudio;
import org.telegram.telegrambots.meta.api.methods.send.SendDocument;
import org.telegram.telegrambots.meta.api.methods.send.SendLocation;
import org.telegram.telegrambots.meta.api.methods.send.SendMediaGroup;
import org.telegram.telegrambots.meta.api.methods.send.SendPhoto;
import org.telegram.telegrambots.meta.api.methods.send.SendVideo;
import org.telegram.telegrambots.meta.api.methods.send.SendVoice;
import org.telegram.telegrambots.meta.api.objects.InputFile;
import org.telegram.telegrambots.meta.api.objects.media.InputMediaPhoto;

/** Sends attachments: by their address where Telegram fetches them, else by their bytes. Safe for many threads. */
final class MediaMessages {
    static final int CAPTION_MAX = 1_024;

    /** Largest picture that is shown as one; larger ones go as files. */
    private static final long PHOTO_BYTES_MAX = 10L << 20;

    /** For the bytes, too; the hub's bound on an attempt is shorter as a rule. */
    private static final Duration UPLOAD_MAX = Duration.ofMinutes(10);

    private final BotApi api;
    private final Attachments store;

    /**
     * What stands below a file.
     *
     * @param markup empty if there are no buttons
     */
    record Below(@Nullable Markdown caption, List<Button> markup) {
        static final Below NOTHING = new Below(null, List.of());

        @Nullable
        String text() {
            return caption == null ? null : caption.text();
        }

        @Nullable
        String parseMode() {
            return caption != null && caption.isHtml() ? Texts.HTML : null;
        }
    }

    MediaMessages(BotApi api, Attachments store) {
        this.api = api;
        this.store = store;
    }

    /** Sends one attachment; answers the remote id. */
    String send(Target to, Attachment what, Below below)
            throws ApiTrouble, AttachmentUnavailable, InterruptedException {
        MediaKind kind = MediaKind.of(what);
        if (kind == MediaKind.PLACE) {
            return place(to, what);
        }
        if (kind.isFetched(what)) {
            try {
                return send(to, kind, new InputFile(what.url()), below);
            } catch (ApiTrouble trouble) {
                if (trouble.code() != 400 || trouble.movedTo() != null || trouble.says("can't parse entities")) {
                    throw trouble;
                }
                // Telegram could not fetch it, or takes less by address than by bytes.
            }
        }
        try {
            return upload(to, kind, what, below);
        } catch (ApiTrouble trouble) {
            boolean isDisliked = trouble.says("PHOTO_")
                    || trouble.says("IMAGE_PROCESS_FAILED")
                    || trouble.says("VOICE_MESSAGES_FORBIDDEN");
            if (kind != MediaKind.DOCUMENT && isDisliked) {
                return upload(to, MediaKind.DOCUMENT, what, below);
            }
            throw trouble;
        }
    }

    /** Sends two to ten pictures as one album; answers the remote id of the first. */
    String sendAlbum(Target to, List<Attachment> photos, Below below)
            throws ApiTrouble, AttachmentUnavailable, InterruptedException {
        var open = new ArrayList<Attachments.Content>();
        try {
            var media = new ArrayList<InputMediaPhoto>();
            for (Attachment each : photos) {
                if (MediaKind.PHOTO.isFetched(each)) {
                    media.add(new InputMediaPhoto(each.url()));
                } else {
                    Attachments.Content content = store.open(each);
                    open.add(content);
                    // The number keeps two files of the same name apart.
                    media.add(new InputMediaPhoto(content.stream(), media.size() + "-" + content.name()));
                }
            }
            media.getFirst().setCaption(below.text());
            media.getFirst().setParseMode(below.parseMode());
            SendMediaGroup album = SendMediaGroup.builder()
                    .chatId(to.chat())
                    .messageThreadId(to.thread())
                    .medias(media)
                    .replyParameters(to.reply())
                    .build();
            return Texts.remoteId(
                    to,
                    api.send(client -> client.executeAsync(album), UPLOAD_MAX).path(0));
        } finally {
            open.forEach(Attachments.Content::close);
        }
    }

    private String upload(Target to, MediaKind kind, Attachment what, Below below)
            throws ApiTrouble, AttachmentUnavailable, InterruptedException {
        try (Attachments.Content content = store.open(what)) {
            MediaKind fitting =
                    kind == MediaKind.PHOTO && content.bytes() > PHOTO_BYTES_MAX ? MediaKind.DOCUMENT : kind;
            return send(to, fitting, new InputFile(content.stream(), content.name()), below);
        }
    }

    private String place(Target to, Attachment what) throws ApiTrouble, AttachmentUnavailable, InterruptedException {
        String[] parts = what.url().substring("geo:".length()).split("[,;?]", -1);
        try {
            JsonNode sent = api.call(
                    SendLocation.builder()
                            .chatId(to.chat())
                            .messageThreadId(to.thread())
                            .latitude(Double.valueOf(parts[0]))
                            .longitude(Double.valueOf(parts.length > 1 ? parts[1] : ""))
                            .replyParameters(to.reply())
                            .build(),
                    Texts.CALL_MAX);
            return Texts.remoteId(to, sent);
        } catch (NumberFormatException malformed) {
            throw new AttachmentUnavailable("the place is no latitude and longitude", true);
        }
    }

    private String send(Target to, MediaKind kind, InputFile file, Below below)
            throws ApiTrouble, InterruptedException {
        BotApi.Sending sending =
                switch (kind) {
                    case PHOTO -> photo(to, file, below);
                    case ANIMATION -> animation(to, file, below);
                    case VIDEO -> video(to, file, below);
                    case AUDIO -> audio(to, file, below);
                    case VOICE -> voice(to, file, below);
                    case PLACE, DOCUMENT -> document(to, file, below);
                };
        return Texts.remoteId(to, api.send(sending, UPLOAD_MAX));
    }

    private static BotApi.Sending photo(Target to, InputFile file, Below below) {
        SendPhoto method = SendPhoto.builder()
                .chatId(to.chat())
                .messageThreadId(to.thread())
                .photo(file)
                .caption(below.text())
                .parseMode(below.parseMode())
                .replyParameters(to.reply())
                .replyMarkup(Keyboard.of(below.markup()))
                .build();
        return client -> client.executeAsync(method);
    }

    private static BotApi.Sending animation(Target to, InputFile file, Below below) {
        SendAnimation method = SendAnimation.builder()
                .chatId(to.chat())
                .messageThreadId(to.thread())
                .animation(file)
                .caption(below.text())
                .parseMode(below.parseMode())
                .replyParameters(to.reply())
                .replyMarkup(Keyboard.of(below.markup()))
                .build();
        return client -> client.executeAsync(method);
    }

    private static BotApi.Sending video(Target to, InputFile file, Below below) {
        SendVideo method = SendVideo.builder()
                .chatId(to.chat())
                .messageThreadId(to.thread())
                .video(file)
                .caption(below.text())
                .parseMode(below.parseMode())
                .replyParameters(to.reply())
                .replyMarkup(Keyboard.of(below.markup()))
                .build();
        return client -> client.executeAsync(method);
    }

    private static BotApi.Sending audio(Target to, InputFile file, Below below) {
        SendAudio method = SendAudio.builder()
                .chatId(to.chat())
                .messageThreadId(to.thread())
                .audio(file)
                .caption(below.text())
                .parseMode(below.parseMode())
                .replyParameters(to.reply())
                .replyMarkup(Keyboard.of(below.markup()))
                .build();
        return client -> client.executeAsync(method);
    }

    private static BotApi.Sending voice(Target to, InputFile file, Below below) {
        SendVoice method = SendVoice.builder()
                .chatId(to.chat())
                .messageThreadId(to.thread())
                .voice(file)
                .caption(below.text())
                .parseMode(below.parseMode())
                .replyParameters(to.reply())
                .replyMarkup(Keyboard.of(below.markup()))
                .build();
        return client -> client.executeAsync(method);
    }

    private static BotApi.Sending document(Target to, InputFile file, Below below) {
        SendDocument method = SendDocument.builder()
                .chatId(to.chat())
                .messageThreadId(to.thread())
                .document(file)
                .caption(below.text())
                .parseMode(below.parseMode())
                .replyParameters(to.reply())
                .replyMarkup(Keyboard.of(below.markup()))
                .build();
        return client -> client.executeAsync(method);
    }
}
