package dev.patchbay.api;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The hub's store of files that came with messages or go out with them. Safe for use by many threads. */
public interface Attachments {

    /** Largest file that is taken in or given out, in bytes. */
    long bytesMax();

    /**
     * Stores a file; returns when it is on disk. The same content twice is kept once. To be called before the message is handed
     * in.
     *
     * @param content read to its end, not closed
     * @param mediaType for instance {@code image/png}, or null when unknown
     * @param name a file name to show, or null
     * @return what to put into the message
     * @throws NotAccepted if it is too large (the message should go on without it, saying so) or cannot be stored now
     */
    Attachment keep(InputStream content, @Nullable String mediaType, @Nullable String name)
            throws NotAccepted, InterruptedException;

    /**
     * Opens a file that a message names, be it in the hub's store or anywhere on the web; addresses inside the operator's network
     * are refused. To be closed by the caller.
     *
     * @throws AttachmentUnavailable if it cannot be had
     */
    Content open(Attachment attachment) throws AttachmentUnavailable, InterruptedException;

    /**
     * An open file.
     *
     * @param bytes how many there are, at most {@link Attachments#bytesMax()}
     * @param mediaType as far as it is known, else {@code application/octet-stream}
     * @param name never blank, without path
     */
    record Content(InputStream stream, long bytes, String mediaType, String name) implements AutoCloseable {
        @Override
        public void close() {
            try {
                stream.close();
            } catch (java.io.IOException nothingToSave) {
                // It was only read.
            }
        }
    }
}
