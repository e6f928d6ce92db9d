package dev.patchbay.hub.gateway.method;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Peer;
import dev.patchbay.hub.gateway.rpc.RpcCall;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcLimits;
import dev.patchbay.hub.gateway.rpc.RpcParameter;
import dev.patchbay.hub.gateway.rpc.RpcType;
import dev.patchbay.hub.routing.SessionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Parameters that several methods take alike. */
final class Params {
    static final int PAGE_MAX = 1_000;
    private static final int PAGE_USUAL = 100;
    private static final int ATTACHMENTS_MAX = 100;
    private static final int URL_CHARS = 8_192;
    private static final int KEY_CHARS = 255;

    static final RpcParameter LIMIT =
            RpcParameter.optional("limit", new RpcType.Whole(1, PAGE_MAX), "at most so many; 100 unless said");
    static final RpcParameter CURSOR =
            RpcParameter.optional("cursor", new RpcType.Text(4_096), "next_cursor of the page before");
    static final RpcParameter IDEMPOTENCY_KEY = RpcParameter.optional(
            "idempotency_key",
            new RpcType.Text(KEY_CHARS),
            "a repeat with the same key within 24 h does nothing twice");
    static final RpcParameter ATTACHMENTS = RpcParameter.optional(
            "attachments",
            new RpcType.ListOf(
                    RpcType.struct(
                            RpcParameter.required("url", new RpcType.Text(URL_CHARS), "where it can be fetched"),
                            RpcParameter.optional("media_type", RpcType.name(), "for instance image/png"),
                            RpcParameter.optional("name", RpcType.name(), "a file name to show")),
                    ATTACHMENTS_MAX),
            "files that go with it, by address");

    static final RpcType PEER = RpcType.struct(
            RpcParameter.required("kind", RpcType.word("direct", "group", "channel", "dm"), "what it is"),
            RpcParameter.required("id", RpcType.name(), "the platform's id"));

    private Params() {}

    static RpcParameter text(String description) {
        return RpcParameter.required("text", new RpcType.FreeText(RpcLimits.BODY_BYTES), description);
    }

    static RpcParameter name(String name, String description) {
        return RpcParameter.required(name, RpcType.name(), description);
    }

    static RpcParameter maybe(String name, String description) {
        return RpcParameter.optional(name, RpcType.name(), description);
    }

    static int limit(RpcCall call) {
        return call.number("limit", PAGE_USUAL);
    }

    static Optional<String> cursor(RpcCall call) {
        return call.optionalText("cursor");
    }

    static List<Attachment> attachments(RpcCall call) {
        var attachments = new ArrayList<Attachment>();
        for (JsonNode each : call.tree("attachments")) {
            attachments.add(
                    new Attachment(each.path("url").asText(), member(each, "media_type"), member(each, "name")));
        }
        return attachments;
    }

    static @Nullable Peer peer(RpcCall call, String parameter) {
        JsonNode peer = call.tree(parameter);
        return peer.isObject()
                ? new Peer(
                        Peer.Kind.of(peer.path("kind").asText()),
                        peer.path("id").asText().strip())
                : null;
    }

    /** {@code ID}, a person, or {@code KIND:ID}. */
    static Peer to(RpcCall call, String parameter) throws RpcException {
        String text = call.text(parameter).strip();
        int colon = text.indexOf(':');
        String kind = colon < 0 ? "" : text.substring(0, colon);
        boolean isKind = List.of("direct", "dm", "group", "channel").contains(kind);
        String id = isKind ? text.substring(colon + 1).strip() : text;
        if (id.isBlank()) {
            throw RpcException.invalid(parameter, "has no id; write ID or KIND:ID");
        }
        return new Peer(isKind ? Peer.Kind.of(kind) : Peer.Kind.DIRECT, id);
    }

    /** The key itself, if it is one. */
    static String sessionKey(String text) throws RpcException {
        try {
            return SessionKey.parse(text).toString();
        } catch (IllegalArgumentException malformed) {
            throw RpcException.invalid("session_key", String.valueOf(malformed.getMessage()));
        }
    }

    /** Channel names and account ids compare without case and blanks. */
    static String folded(String nameOrId) {
        return nameOrId.strip().toLowerCase(Locale.ROOT);
    }

    static Optional<String> folded(RpcCall call, String parameter) {
        return call.optionalText(parameter).map(Params::folded);
    }

    private static @Nullable String member(JsonNode object, String name) {
        return object.hasNonNull(name) ? object.path(name).asText() : null;
    }
}
