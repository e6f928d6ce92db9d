package dev.patchbay.testkit;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.AttachmentUnavailable;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.NotAccepted;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps files in memory; takes up to 1 MB each. Web addresses cannot be opened. Safe for use by many threads. */
public final class MemoryAttachments implements Attachments {
    private static final int BYTES_MAX = 1 << 20;

    private final Map<String, Kept> kept = new LinkedHashMap<>();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Kept(
            byte[] bytes,
            @Nullable String mediaType,
            @Nullable String name) {}

    @Override
    public long bytesMax() {
        return BYTES_MAX;
    }

    @Override
    public synchronized Attachment keep(InputStream content, @Nullable String mediaType, @Nullable String name)
            throws NotAccepted {
        byte[] bytes;
        try {
            bytes = content.readNBytes(BYTES_MAX + 1);
        } catch (IOException broken) {
            throw new NotAccepted(NotAccepted.Reason.NOT_STORED, "the file broke off", Duration.ZERO);
        }
        if (bytes.length > BYTES_MAX) {
            throw new NotAccepted(NotAccepted.Reason.TOO_LARGE, "the file is larger than 1 MB", Duration.ZERO);
        }
        String url = "attachment:" + (kept.size() + 1);
        kept.put(url, new Kept(bytes, mediaType, name));
        return new Attachment(url, mediaType, name);
    }

    @Override
    public synchronized Content open(Attachment attachment) throws AttachmentUnavailable {
        Kept found = kept.get(attachment.url());
        if (found == null) {
            throw new AttachmentUnavailable("there is no " + attachment.url(), true);
        }
        return new Content(
                new ByteArrayInputStream(found.bytes()),
                found.bytes().length,
                found.mediaType() == null ? "application/octet-stream" : found.mediaType(),
                found.name() == null ? "file" : found.name());
    }
}
