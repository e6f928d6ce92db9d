package dev.patchbay.fakes.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.fakes.http.Body;
import dev.patchbay.fakes.http.Part;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The files of one bot, in memory. Guarded by the bot. */
final class FileShelf {
    static final long DOWNLOAD_BYTES_MAX = 20L * 1024 * 1024;
    private static final long UPLOAD_BYTES_MAX = 50L * 1024 * 1024;
    private static final long PHOTO_BYTES_MAX = 10L * 1024 * 1024;
    private static final long SHELF_BYTES_MAX = 256L * 1024 * 1024;

    private final long bot;
    private final Map<String, Shelved> byId = new LinkedHashMap<>();
    private long bytes;
    private long count;

    /** @param path as getFile tells it */
    record Shelved(String id, String uniqueId, String path, Media media) {}

    FileShelf(long bot) {
        this.bot = bot;
    }

    /** Keeps a file; the oldest ones go when there are too many. */
    Shelved keep(Media media) {
        long number = count++;
        String path = media.kind() + "s/file_" + number + media.extension();
        var shelved = new Shelved("AgAC" + bot + "-" + number, "AQAD" + number, path, media);
        byId.put(shelved.id(), shelved);
        bytes += media.content().length();
        var oldest = byId.values().iterator();
        while (bytes > SHELF_BYTES_MAX && byId.size() > 1) {
            bytes -= oldest.next().media().content().length();
            oldest.remove();
        }
        return shelved;
    }

    Optional<Body> content(String path) {
        return byId.values().stream()
                .filter(each -> each.path().equals(path))
                .map(each -> each.media().content())
                .findFirst();
    }

    /**
     * The answer to getFile.
     *
     * @throws ApiError if it is unknown or too big to be fetched
     */
    JsonNode describe(String fileId) {
        Shelved file = byId.get(fileId);
        if (file == null) {
            throw ApiError.bad("wrong file_id or the file is temporarily unavailable");
        }
        if (file.media().content().length() > DOWNLOAD_BYTES_MAX) {
            throw ApiError.bad("file is too big");
        }
        return brief(file).put("file_path", file.path());
    }

    /**
     * Takes what a bot sends: an upload, a file it knows, or an address whose content came with the call.
     *
     * @param source the parameter's text; empty if the file itself came under this name
     */
    Shelved take(Call call, String kind, String name, String source) {
        boolean isAddress = Addresses.isAddress(source);
        String attached = source.startsWith("attach://") ? source.substring("attach://".length()) : name;
        Part upload = call.files().get(isAddress ? source : attached);
        if (upload != null) {
            String fileName = upload.fileName().orElse("file");
            return keep(checked(
                    new Media(kind, fileName, upload.contentType(), upload.content(), ""),
                    isAddress ? Addresses.BYTES_MAX : UPLOAD_BYTES_MAX,
                    isAddress ? Addresses.PHOTO_BYTES_MAX : PHOTO_BYTES_MAX));
        }
        if (source.isEmpty()) {
            throw ApiError.bad("there is no " + kind + " in the request");
        }
        Shelved known = byId.get(source);
        if (known == null) {
            throw ApiError.bad("wrong file identifier/HTTP URL specified");
        }
        if (!known.media().kind().equals(kind)) {
            throw ApiError.bad("can't use file of type " + known.media().kind() + " as " + kind);
        }
        return known;
    }

    private static Media checked(Media media, long most, long photoMost) {
        long length = media.content().length();
        if (length > most) {
            throw ApiError.of(413, "Request Entity Too Large");
        }
        if (length == 0) {
            throw ApiError.bad("file must be non-empty");
        }
        if (media.kind().equals("photo") && length > photoMost) {
            throw ApiError.bad("file is too big");
        }
        return media;
    }

    /** Writes the file into a message under the name of its kind. */
    static void write(Shelved file, ObjectNode message) {
        Media media = file.media();
        ObjectNode described = brief(file);
        switch (media.kind()) {
            case "photo" -> {
                ArrayNode sizes = message.putArray("photo");
                // The server makes thumbnails; the last one is the picture itself.
                sizes.add(brief(file)
                        .put("file_id", file.id() + "s")
                        .put("file_size", 1)
                        .put("width", 90)
                        .put("height", 90));
                sizes.add(described.put("width", 800).put("height", 600));
                return;
            }
            case "sticker" ->
                described
                        .put("type", "regular")
                        .put("width", 512)
                        .put("height", 512)
                        .put("is_animated", false)
                        .put("is_video", false)
                        .put("emoji", "👍");
            case "video", "animation" ->
                described
                        .put("width", 640)
                        .put("height", 480)
                        .put("duration", 1)
                        .put("mime_type", media.mimeType())
                        .put("file_name", media.fileName());
            case "video_note" -> described.put("length", 240).put("duration", 1);
            case "voice" -> described.put("duration", 1).put("mime_type", media.mimeType());
            case "audio" ->
                described.put("duration", 1).put("mime_type", media.mimeType()).put("file_name", media.fileName());
            default -> described.put("mime_type", media.mimeType()).put("file_name", media.fileName());
        }
        message.set(media.kind(), described);
    }

    private static ObjectNode brief(Shelved file) {
        return Json.object()
                .put("file_id", file.id())
                .put("file_unique_id", file.uniqueId())
                .put("file_size", file.media().content().length());
    }
}
