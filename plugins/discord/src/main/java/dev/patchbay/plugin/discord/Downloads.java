package dev.patchbay.plugin.discord;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.NotAccepted;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import net.dv8tion.jda.api.utils.data.DataObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the files of incoming messages into the hub's store. */
final class Downloads {
    private static final Logger LOG = LoggerFactory.getLogger(Downloads.class);
    private static final int FILES_MAX = 10;
    private static final int TRIES = 2;

    private final Api api;
    private final Attachments attachments;

    Downloads(Api api, Attachments attachments) {
        this.api = api;
        this.attachments = attachments;
    }

    /**
     * What came with a message.
     *
     * @param notes a line for each file that could not be had
     */
    record Fetched(List<Attachment> files, List<String> notes) {}

    Fetched fetch(DataObject message) throws InterruptedException {
        var files = new ArrayList<Attachment>();
        var notes = new ArrayList<String>();
        for (DataObject each : MessageReader.each(message, "attachments")) {
            String name = each.getString("filename", "file");
            if (files.size() == FILES_MAX) {
                notes.add(missing(name, "too many files"));
            } else if (each.getLong("size", 0) > attachments.bytesMax()) {
                notes.add(missing(name, "too large"));
            } else {
                keep(each, name, files, notes);
            }
        }
        return new Fetched(List.copyOf(files), List.copyOf(notes));
    }

    private void keep(DataObject file, String name, List<Attachment> files, List<String> notes)
            throws InterruptedException {
        String url = file.getString("url", "");
        @Nullable String mediaType = file.getString("content_type", null);
        for (int attempt = 1; ; attempt++) {
            try (InputStream content = api.download(url)) {
                files.add(attachments.keep(content, mediaType, name));
                return;
            } catch (NotAccepted refused) {
                if (refused.reason() == NotAccepted.Reason.TOO_LARGE || attempt == TRIES) {
                    notes.add(missing(
                            name,
                            refused.reason() == NotAccepted.Reason.TOO_LARGE ? "too large" : "it could not be stored"));
                    return;
                }
            } catch (ApiTrouble | IOException | UncheckedIOException unreachable) {
                if (attempt == TRIES) {
                    LOG.warn(
                            "A file of message {} cannot be fetched: {}",
                            file.getString("id", "?"),
                            unreachable.getMessage());
                    notes.add(missing(name, "it could not be fetched"));
                    return;
                }
            }
        }
    }

    private static String missing(String name, String why) {
        return "[file not taken: " + name + ", " + why + "]";
    }
}
