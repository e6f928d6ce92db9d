package dev.patchbay.hub.gateway.method;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Button;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Peer;
import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.attachment.AttachmentId;
import dev.patchbay.hub.delivery.DeliveryRefused;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.RpcCall;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcLimits;
import dev.patchbay.hub.gateway.rpc.RpcParameter;
import dev.patchbay.hub.gateway.rpc.RpcType;
import dev.patchbay.hub.routing.SessionKey;
import dev.patchbay.hub.session.Address;
import dev.patchbay.hub.session.Target;
import dev.patchbay.hub.tenant.Visibility;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Base64;
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
                            RpcParameter.optional(
                                    "url",
                                    new RpcType.Text(URL_CHARS),
                                    "attachment:ID of POST /attachments, an http or https address, or geo:LAT,LON"),
                            RpcParameter.optional(
                                    "data", new RpcType.FreeText(RpcLimits.BODY_BYTES), "the file itself, as Base64"),
                            RpcParameter.optional("media_type", RpcType.name(), "for instance image/png"),
                            RpcParameter.optional("name", RpcType.name(), "a file name to show")),
                    ATTACHMENTS_MAX),
            "files that go with it, each by url or as data");
    static final RpcParameter BUTTONS = RpcParameter.optional(
            "buttons",
            new RpcType.ListOf(
                    RpcType.struct(
                            RpcParameter.required("text", new RpcType.Text(80), "what stands on it"),
                            RpcParameter.required("data", new RpcType.Text(64), "what it says; at most 64 bytes")),
                    Button.MAX),
            "to press under the message");

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

    /** The attachments, those that came as data stored. */
    static List<Attachment> attachments(RpcCall call, AttachmentDesk files) throws RpcException, InterruptedException {
        var attachments = new ArrayList<Attachment>();
        for (JsonNode each : call.tree("attachments")) {
            attachments.add(attachment(each, "attachments[" + attachments.size() + "]", files));
        }
        return attachments;
    }

    private static Attachment attachment(JsonNode given, String place, AttachmentDesk files)
            throws RpcException, InterruptedException {
        String url = member(given, "url");
        String data = member(given, "data");
        if (data != null && url == null) {
            return stored(data, place, given, files);
        }
        if (url == null || data != null) {
            throw RpcException.invalid(place, "has not exactly one of url and data");
        }
        Attachment named = files.inward(new Attachment(url, member(given, "media_type"), member(given, "name")));
        switch (named.url().replaceFirst(":.*", "").toLowerCase(Locale.ROOT)) {
            case "http", "https", "geo" -> {}
            case "attachment" -> {
                if (!AttachmentId.of(named).map(files::has).orElse(false)) {
                    throw RpcException.invalid(place + ".url", "there is no such file (any more)");
                }
            }
            default -> throw RpcException.invalid(place + ".url", "is no attachment:, http:, https: or geo: address");
        }
        return named;
    }

    private static Attachment stored(String data, String place, JsonNode given, AttachmentDesk files)
            throws RpcException, InterruptedException {
        try {
            byte[] content = Base64.getDecoder().decode(data);
            return files.keep(new ByteArrayInputStream(content), member(given, "media_type"), member(given, "name"));
        } catch (IllegalArgumentException garbage) {
            throw RpcException.invalid(place + ".data", "is no Base64");
        } catch (NotAccepted refused) {
            throw refused(refused).with("parameter", place + ".data");
        }
    }

    /** A file that the store did not take. */
    static RpcException refused(NotAccepted refused) {
        return RpcException.of(
                refused.reason() == NotAccepted.Reason.TOO_LARGE ? ErrorCode.TOO_LARGE : ErrorCode.NOT_STORED,
                String.valueOf(refused.getMessage()));
    }

    static List<Button> buttons(RpcCall call) throws RpcException {
        var buttons = new ArrayList<Button>();
        for (JsonNode each : call.tree("buttons")) {
            try {
                buttons.add(
                        new Button(each.path("text").asText(), each.path("data").asText()));
            } catch (IllegalArgumentException tooLong) {
                throw RpcException.invalid("buttons[" + buttons.size() + "]", String.valueOf(tooLong.getMessage()));
            }
        }
        return buttons;
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

    /**
     * Who is asked. An agent that the caller does not see is one that there is not.
     *
     * @param named empty: the caller's default agent
     * @param usual the hub's default agent
     */
    static String agent(RpcCall call, Optional<String> named, String usual) throws RpcException {
        Visibility sees = call.caller().sees();
        String agent = named.or(() -> sees.isWhole() ? Optional.of(usual) : sees.defaultAgent())
                .orElseThrow(() -> RpcException.invalid(
                        "agent_id", "there is no default agent; name one, agents.list shows them"));
        if (!sees.agent(agent)) {
            throw RpcException.of(ErrorCode.NOT_FOUND, "there is no agent \"" + agent + "\"");
        }
        return agent;
    }

    /** A target that the caller may name: an account that it does not see is one that there is not. */
    static Target seen(RpcCall call, Target target) {
        if (target instanceof Target.Named(Address to) && !call.caller().sees().account(to.channel(), to.accountId())) {
            throw new IllegalArgumentException(
                    DeliveryRefused.unknownAccount(to.channel(), to.accountId()).getMessage());
        }
        return target;
    }
}
