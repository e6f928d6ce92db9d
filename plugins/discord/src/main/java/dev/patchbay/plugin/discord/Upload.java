package dev.patchbay.plugin.discord;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.AttachmentUnavailable;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.OutboundMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.dv8tion.jda.api.utils.data.DataArray;
import net.dv8tion.jda.api.utils.data.DataObject;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;
import okio.BufferedSink;
import okio.Okio;
import okio.Source;
import org.jspecify.annotations.Nullable;

/**
 * The files of one outgoing message, opened. What cannot be sent as a file is said in the text, as far as there is room.
 *
 * @param text with lines for what is not a file
 */
record Upload(String text, List<Attachments.Content> files) implements AutoCloseable {
    /** Most files in one message. */
    private static final int FILES_MAX = 10;

    /**
     * Opens what goes with a message; only the last part has files.
     *
     * @throws AttachmentUnavailable if a file cannot be had right now
     */
    static Upload of(OutboundMessage message, Attachments attachments)
            throws AttachmentUnavailable, InterruptedException {
        var files = new ArrayList<Attachments.Content>();
        StringBuilder text = new StringBuilder(message.text());
        if (message.part() < message.parts()) {
            return new Upload(message.text(), files);
        }
        boolean isDone = false;
        try {
            for (Attachment attachment : message.attachments()) {
                if (attachment.url().startsWith("geo:")) {
                    line(text, attachment.url());
                } else if (files.size() == FILES_MAX) {
                    line(text, label(attachment));
                } else {
                    try {
                        files.add(attachments.open(attachment));
                    } catch (AttachmentUnavailable gone) {
                        if (!gone.isPermanent()) {
                            throw gone;
                        }
                        line(text, label(attachment));
                    }
                }
            }
            isDone = true;
        } finally {
            if (!isDone) {
                files.forEach(Attachments.Content::close);
            }
        }
        return new Upload(text.toString(), files);
    }

    /** The request's body: plain JSON, or JSON with the files behind it. */
    RequestBody body(DataObject json) {
        if (files.isEmpty()) {
            return Api.json(json);
        }
        DataArray named = DataArray.empty();
        for (int i = 0; i < files.size(); i++) {
            named.add(
                    DataObject.empty().put("id", i).put("filename", files.get(i).name()));
        }
        var parts = new MultipartBody.Builder()
                .setType(MultipartBody.FORM)
                .addFormDataPart("payload_json", null, Api.json(json.put("attachments", named)));
        for (int i = 0; i < files.size(); i++) {
            parts.addFormDataPart("files[" + i + "]", files.get(i).name(), new FileBody(files.get(i)));
        }
        return parts.build();
    }

    @Override
    public void close() {
        files.forEach(Attachments.Content::close);
    }

    private static String label(Attachment attachment) {
        String name = attachment.name() == null ? "file" : attachment.name();
        return attachment.url().startsWith("http") ? name + ": " + attachment.url() : name + " (not available)";
    }

    private static void line(StringBuilder text, String line) {
        if (text.length() + 1 + line.length() <= MessageBody.TEXT_MAX) {
            text.append('\n').append(line);
        }
    }

    /** A file that is read while it is sent, once. */
    private static final class FileBody extends RequestBody {
        private final Attachments.Content content;

        private FileBody(Attachments.Content content) {
            this.content = content;
        }

        @Override
        public @Nullable MediaType contentType() {
            return MediaType.parse(content.mediaType());
        }

        @Override
        public long contentLength() {
            return content.bytes();
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            try (Source source = Okio.source(content.stream())) {
                sink.write(source, content.bytes());
            }
        }
    }
}
