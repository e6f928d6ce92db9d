package dev.patchbay.hub.attachment;

import dev.patchbay.api.Attachment;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a stored file: the SHA-256 of its content.
 *
 * @param hex 64 digits of {@code 0-9a-f}; nothing else ever becomes part of a path
 */
public record AttachmentId(String hex) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");
    private static final String SCHEME = "attachment:";

    public AttachmentId {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("no name of a stored file");
        }
    }

    /** Reads a name that came from outside; empty if it is none. */
    public static Optional<AttachmentId> parse(String hex) {
        return FORM.matcher(hex).matches() ? Optional.of(new AttachmentId(hex)) : Optional.empty();
    }

    /** The stored file that an attachment names; empty if it names something else. */
    public static Optional<AttachmentId> of(Attachment attachment) {
        return isStored(attachment) ? parse(attachment.url().substring(SCHEME.length())) : Optional.empty();
    }

    /** Whether an attachment claims to be a stored file, well-formed or not. */
    static boolean isStored(Attachment attachment) {
        return attachment.url().startsWith(SCHEME);
    }

    public String url() {
        return SCHEME + hex;
    }
}
