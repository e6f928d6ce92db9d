package dev.patchbay.hub.attachment;

import java.util.Set;

/** Knows which stored files are still needed. */
@FunctionalInterface
public interface NamedFiles {
    /** Nobody names any. */
    NamedFiles NONE = Set::of;

    /** The files that messages in the inbox and open deliveries name now. May take as long as reading all of them takes. */
    Set<AttachmentId> now() throws InterruptedException;
}
