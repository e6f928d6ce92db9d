package dev.patchbay.plugin.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.patchbay.api.HttpCall;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Peer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a message of a request that has proved genuine. Immutable, for any thread. */
final class BodyReader {
    private static final List<String> ID_HEADERS =
            List.of("webhook-id", "svix-id", "x-github-delivery", "idempotency-key");

    private final Scheme scheme;
    private final String accountId;
    private final Fields fields;
    private final StrictJson json;

    /**
     * Where the account says that the pieces of a message are found.
     *
     * @param text null: our own {@code text}, or for a vendor's body the body itself
     */
    record Fields(@Nullable Field text, Field peer, Field threadId, Field sender, Field messageId) {}

    BodyReader(Scheme scheme, String accountId, Fields fields, StrictJson json) {
        this.scheme = scheme;
        this.accountId = accountId;
        this.fields = fields;
        this.json = json;
    }

    /**
     * The body as JSON; missing if it is a vendor's body of another kind (GitHub and Slack also send forms).
     *
     * @throws BadRequest if it should be JSON and is not
     */
    JsonNode json(String raw) throws BadRequest {
        String start = raw.stripLeading();
        boolean looksLikeJson = start.startsWith("{") || start.startsWith("[");
        if (scheme.isForeign() && !looksLikeJson) {
            return MissingNode.getInstance();
        }
        JsonNode body = json.read(raw);
        if (!body.isObject() && fields.text() == null && !scheme.isForeign()) {
            throw new BadRequest("the body is not a JSON object with text");
        }
        return body;
    }

    InboundMessage message(HttpCall call, String raw, JsonNode body) throws BadRequest {
        Peer peer = Field.Values.peer(fields.peer().in(body));
        return InboundMessage.from(peer == null ? Peer.direct(accountId) : peer, text(raw, body))
                .remoteId(remoteId(call, body))
                .threadId(Field.Values.id(fields.threadId().in(body), "thread_id"))
                .sender(Field.Values.sender(fields.sender().in(body)))
                .attach(isOurShape() ? Field.Values.attachments(body.path("attachments")) : List.of())
                .build();
    }

    private boolean isOurShape() {
        return fields.text() == null && !scheme.isForeign();
    }

    private String text(String raw, JsonNode body) throws BadRequest {
        if (isOurShape()) {
            JsonNode said = body.path("text");
            return (said.isTextual() ? Field.Values.text(said, "text") : Optional.<String>empty())
                    .orElseThrow(() -> new BadRequest("text is missing, blank or not text"));
        }
        Field field = fields.text();
        Optional<String> pointed = field == null ? Optional.empty() : Field.Values.text(field.in(body), "text");
        if (pointed.isPresent()) {
            return pointed.get();
        }
        if (raw.isBlank()) {
            throw new BadRequest("the body is empty");
        }
        return raw;
    }

    private @Nullable String remoteId(HttpCall call, JsonNode body) throws BadRequest {
        for (String name : ID_HEADERS) {
            Optional<String> id = call.header(name).filter(value -> !value.isBlank());
            if (id.isPresent()) {
                return Field.Values.id(id.get(), name);
            }
        }
        return Field.Values.id(fields.messageId().in(body), "message_id");
    }
}
