package dev.patchbay.hub.channel;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.AttachmentUnavailable;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.NotAccepted;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A hub that keeps no files. */
public final class NoAttachments implements Attachments {
    @Override
    public long bytesMax() {
        return 0;
    }

    @Override
    public Attachment keep(InputStream content, @Nullable String mediaType, @Nullable String name) throws NotAccepted {
        throw new NotAccepted(NotAccepted.Reason.TOO_LARGE, "this hub keeps no files", Duration.ZERO);
    }

    @Override
    public Content open(Attachment attachment) throws AttachmentUnavailable {
        throw new AttachmentUnavailable("this hub keeps no files", true);
    }
}
