package dev.patchbay.fakes.discord;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.patchbay.fakes.http.Body;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What somebody says, before it is a message.
 *
 * @param content mentions are written {@code <@USER_ID>} or {@code <@&ROLE_ID>}
 * @param replyTo the id of a message in the same channel
 * @param uploads files to hang on it
 * @param embeds an array as in the documentation
 * @param components an array as in the documentation, for instance rows of buttons
 * @param flags the documented bits; 64 is for one person's eyes only, 128 is "thinking"
 * @param pingsReplied whether the author of the message replied to counts as mentioned
 */
public record Said(
        String content,
        Optional<String> replyTo,
        Optional<String> nonce,
        List<Upload> uploads,
        JsonNode embeds,
        JsonNode components,
        int flags,
        boolean pingsReplied) {
    static final int EPHEMERAL = 1 << 6;
    static final int THINKING = 1 << 7;

    public Said {
        uploads = List.copyOf(uploads);
    }

    public static Said text(String content) {
        JsonNode none = JsonNodeFactory.instance.arrayNode();
        return new Said(content, Optional.empty(), Optional.empty(), List.of(), none, none, 0, true);
    }

    public Said replyingTo(Message message) {
        return replyingTo(Optional.of(message.id()));
    }

    public Said with(String fileName, String contentType, byte[] content) {
        var more = new ArrayList<>(uploads);
        more.add(new Upload(fileName, contentType, Body.of(content)));
        return with(more);
    }

    public Said withComponents(JsonNode all) {
        return new Said(content, replyTo, nonce, uploads, embeds, all, flags, pingsReplied);
    }

    Said with(List<Upload> all) {
        return new Said(content, replyTo, nonce, all, embeds, components, flags, pingsReplied);
    }

    Said withContent(String other) {
        return new Said(other, replyTo, nonce, uploads, embeds, components, flags, pingsReplied);
    }

    Said withEmbeds(JsonNode all) {
        return new Said(content, replyTo, nonce, uploads, all, components, flags, pingsReplied);
    }

    Said withFlags(int all) {
        return new Said(content, replyTo, nonce, uploads, embeds, components, all, pingsReplied);
    }

    Said withNonce(Optional<String> other) {
        return new Said(content, replyTo, other, uploads, embeds, components, flags, pingsReplied);
    }

    Said replyingTo(Optional<String> id) {
        return new Said(content, id, nonce, uploads, embeds, components, flags, pingsReplied);
    }

    Said pinging(boolean replied) {
        return new Said(content, replyTo, nonce, uploads, embeds, components, flags, replied);
    }

    boolean isEmpty() {
        return content.isBlank() && uploads.isEmpty() && embeds.isEmpty() && components.isEmpty();
    }

    boolean isEphemeral() {
        return (flags & EPHEMERAL) != 0;
    }
}
