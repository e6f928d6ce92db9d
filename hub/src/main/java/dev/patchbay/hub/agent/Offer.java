package dev.patchbay.hub.agent;

import dev.patchbay.api.AgentHost;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.AttachmentUnavailable;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Recollection;
import dev.patchbay.api.Turn;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the hub has to offer its agents. Immutable. */
public record Offer(Recall recall, Attachments files) {
    private static final int RECOLLECTIONS_MAX = 100;

    /** No memory and no files. */
    public static final Offer NOTHING = new Offer(Recall.NOTHING, new NoFiles());

    AgentHost to(AgentSpec spec) {
        return new ToOne(this, spec);
    }

    private record ToOne(Offer offer, AgentSpec spec) implements AgentHost {
        @Override
        public List<Recollection> recall(Turn turn, String query, int limit) throws InterruptedException {
            if (limit < 1 || limit > RECOLLECTIONS_MAX) {
                throw new IllegalArgumentException("limit " + limit + " is not between 1 and " + RECOLLECTIONS_MAX);
            }
            return query.isBlank() ? List.of() : offer.recall().recall(turn, query, limit);
        }

        @Override
        public Attachments attachments() {
            return offer.files();
        }

        @Override
        public Duration timeout() {
            return spec.timeout();
        }
    }

    private static final class NoFiles implements Attachments {
        @Override
        public long bytesMax() {
            return 0;
        }

        @Override
        public Attachment keep(InputStream content, @Nullable String mediaType, @Nullable String name)
                throws NotAccepted {
            throw new NotAccepted(NotAccepted.Reason.TOO_LARGE, "there is no store for files", Duration.ZERO);
        }

        @Override
        public Content open(Attachment attachment) throws AttachmentUnavailable {
            throw new AttachmentUnavailable("there is no store for files", true);
        }
    }
}
