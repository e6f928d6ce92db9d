package dev.patchbay.plugin.llm;

import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.AttachmentUnavailable;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Makes a message to a model of what came in: pictures as pictures where it can see them, other files by name. */
final class Question {
    private static final Set<String> PICTURES = Set.of("image/png", "image/jpeg", "image/gif", "image/webp");
    private static final int PICTURES_MAX = 4;
    private static final int PICTURE_BYTES_MAX = 5 * 1024 * 1024;

    private final Attachments files;
    private final boolean seesPictures;

    Question(Attachments files, boolean seesPictures) {
        this.files = files;
        this.seesPictures = seesPictures;
    }

    /**
     * Reads it.
     *
     * @param room tokens that it may take
     */
    UserMessage of(Turn turn, int room) throws InterruptedException {
        var pictures = new ArrayList<Content>();
        var text = new StringBuilder(turn.text());
        for (Attachment each : turn.attachments()) {
            Optional<Content> picture =
                    pictures.size() < PICTURES_MAX && room > 4_000 ? picture(each) : Optional.empty();
            picture.ifPresent(pictures::add);
            if (picture.isEmpty()) {
                text.append(text.isEmpty() ? "" : "\n").append(named(each));
            }
        }
        int left = room - TokenEstimate.of(UserMessage.from(all("", pictures)));
        return UserMessage.from(all(TokenEstimate.cut(text.toString(), left), pictures));
    }

    private static List<Content> all(String text, List<Content> pictures) {
        var contents = new ArrayList<Content>();
        // A message without any text is refused by some.
        contents.add(TextContent.from(text.isBlank() ? "(no text)" : text));
        contents.addAll(pictures);
        return contents;
    }

    private Optional<Content> picture(Attachment attachment) throws InterruptedException {
        if (!seesPictures || !PICTURES.contains(Objects.requireNonNullElse(attachment.mediaType(), ""))) {
            return Optional.empty();
        }
        try (Attachments.Content content = files.open(attachment)) {
            byte[] bytes = content.stream().readNBytes(PICTURE_BYTES_MAX + 1);
            return bytes.length > PICTURE_BYTES_MAX || bytes.length == 0
                    ? Optional.empty()
                    : Optional.of(ImageContent.from(
                            Base64.getEncoder().encodeToString(bytes), Objects.requireNonNull(attachment.mediaType())));
        } catch (AttachmentUnavailable | IOException gone) {
            return Optional.empty();
        }
    }

    private static String named(Attachment attachment) {
        String type = attachment.mediaType() == null ? "" : ", " + attachment.mediaType();
        String url = attachment.url();
        String where = url.startsWith("http") || url.startsWith("geo:") ? " " + url : "";
        return "[attachment: " + Objects.requireNonNullElse(attachment.name(), "a file") + type + where + "]";
    }
}
