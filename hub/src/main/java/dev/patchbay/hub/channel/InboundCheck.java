package dev.patchbay.hub.channel;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.NotAccepted.Reason;
import dev.patchbay.api.Peer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Looks at what a plugin hands in before anything is done with it. */
final class InboundCheck {
    static final int TEXT_MAX_BYTES = 10 * 1024 * 1024;
    static final int ROLES_MAX = 1_000;
    static final int ATTACHMENTS_MAX = 100;
    static final int ID_MAX_CHARS = 1_024;
    static final int URL_MAX_CHARS = 8_192;
    static final Duration WAIT_MAX = Duration.ofMinutes(10);

    private InboundCheck() {}

    static void check(@Nullable InboundMessage message) throws NotAccepted {
        if (message == null) {
            throw invalid("there is no message");
        }
        peer("peer", message.peer());
        if (message.parentPeer() != null) {
            peer("parent peer", message.parentPeer());
        }
        id("remote id", message.remoteId());
        id("guild", message.guild());
        id("team", message.team());
        id("thread id", message.threadId());
        id("reply-to", message.replyTo());
        if (message.sender() != null) {
            id("sender's id", message.sender().id());
            id("sender's name", message.sender().name());
        }
        if (message.roles().size() > ROLES_MAX) {
            throw tooLarge("more than " + ROLES_MAX + " roles");
        }
        for (String role : message.roles()) {
            id("role", role);
        }
        if (message.attachments().size() > ATTACHMENTS_MAX) {
            throw tooLarge("more than " + ATTACHMENTS_MAX + " attachments");
        }
        for (Attachment each : message.attachments()) {
            attachment(each);
        }
        text(message);
    }

    static void wait(@Nullable Duration wait) throws NotAccepted {
        if (wait == null || wait.compareTo(Duration.ofMillis(1)) < 0 || wait.compareTo(WAIT_MAX) > 0) {
            throw invalid("the wait is not between 1 ms and 10 min");
        }
    }

    private static void text(InboundMessage message) throws NotAccepted {
        String text = message.text();
        if (text.isBlank() && message.attachments().isEmpty()) {
            throw invalid("there is neither text nor attachment");
        }
        // A char is one to three bytes: most texts are judged without encoding them.
        if (text.length() > TEXT_MAX_BYTES
                || (text.length() > TEXT_MAX_BYTES / 3
                        && text.getBytes(StandardCharsets.UTF_8).length > TEXT_MAX_BYTES)) {
            throw tooLarge("the text is larger than 10 MB");
        }
    }

    private static void peer(String what, Peer peer) throws NotAccepted {
        if (peer.id().isBlank()) {
            throw invalid("the " + what + " is blank");
        }
        id(what, peer.id());
    }

    private static void attachment(Attachment attachment) throws NotAccepted {
        String url = attachment.url();
        if (url == null || url.isBlank()) {
            throw invalid("an attachment has no address");
        }
        if (url.length() > URL_MAX_CHARS) {
            throw tooLarge("an attachment's address is longer than " + URL_MAX_CHARS + " characters");
        }
        id("media type", attachment.mediaType());
        id("attachment's name", attachment.name());
    }

    private static void id(String what, @Nullable String id) throws NotAccepted {
        if (id != null && id.length() > ID_MAX_CHARS) {
            throw tooLarge("the " + what + " is longer than " + ID_MAX_CHARS + " characters");
        }
    }

    private static NotAccepted invalid(String message) {
        return new NotAccepted(Reason.INVALID, message, Duration.ZERO);
    }

    private static NotAccepted tooLarge(String message) {
        return new NotAccepted(Reason.TOO_LARGE, message, Duration.ZERO);
    }
}
