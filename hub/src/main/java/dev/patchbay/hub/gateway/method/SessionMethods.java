package dev.patchbay.hub.gateway.method;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.patchbay.hub.attachment.AttachmentJson;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcCall;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcParameter;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import dev.patchbay.hub.gateway.rpc.RpcType;
import dev.patchbay.hub.store.Page;
import dev.patchbay.hub.store.SessionFilter;
import dev.patchbay.hub.store.SessionIdentity;
import dev.patchbay.hub.store.SessionUse;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoredLine;
import dev.patchbay.hub.store.StoredSession;
import dev.patchbay.hub.usage.Amount;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sessions and their transcripts. */
public final class SessionMethods {
    private static final RpcParameter SESSION_KEY = Params.name("session_key", "the session");

    /** A page ends early rather than pass this: a thousand lines may each be as long as a body. */
    private static final long PAGE_CHARS = 4L << 20;

    private static final int LINES_AT_ONCE = 50;

    private final Store store;
    private final Clock clock;

    public SessionMethods(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    public List<RpcMethod> all() {
        return List.of(
                RpcMethod.named("chat.history", Access.READ, "Shows what was said, the newest page first.")
                        .seen()
                        .takes(
                                SESSION_KEY,
                                Params.LIMIT,
                                Params.CURSOR,
                                Params.maybe("archive_id", "of a transcript that was put away"))
                        .returns("session_key, messages[{message_id, role, content, timestamp,"
                                + " attachments?, buttons?, metadata?}],"
                                + " next_cursor?")
                        .by(this::history),
                RpcMethod.named("chat.clear", Access.CHAT, "Forgets what was said; the session stays.")
                        .seen()
                        .takes(SESSION_KEY)
                        .returns("session_key, cleared")
                        .by(this::clear),
                RpcMethod.named("sessions.list", Access.READ, "Lists sessions, the latest used first.")
                        .seen()
                        .takes(
                                Params.LIMIT,
                                Params.CURSOR,
                                Params.maybe("agent_id", "of this agent"),
                                Params.maybe("channel", "of this channel"),
                                RpcParameter.optional(
                                        "archived", new RpcType.Flag(), "the transcripts that were put away instead"))
                        .returns("sessions[{session_key, agent_id, channel, account_id, peer, created_at, updated_at,"
                                + " message_count, input_tokens, output_tokens, cost?, currency?, archived?,"
                                + " archive_id?}], next_cursor?")
                        .by(this::list),
                RpcMethod.named("sessions.delete", Access.OPERATE, "Deletes a session with all that was said.")
                        .seen()
                        .takes(SESSION_KEY)
                        .returns("deleted")
                        .by(this::delete));
    }

    private RpcResult history(RpcCall call) throws RpcException, InterruptedException {
        String key = key(call);
        var lines = new ArrayList<StoredLine>();
        Optional<String> archive = call.optionalText("archive_id");
        Optional<String> cursor = Params.cursor(call);
        int limit = Params.limit(call);
        long chars = 0;
        do {
            int piece = Math.min(LINES_AT_ONCE, limit - lines.size());
            Page<StoredLine> page = archive.isPresent()
                    ? store.archive(key, archive.get(), piece, cursor)
                    : store.history(key, piece, cursor);
            lines.addAll(0, page.items());
            cursor = page.next();
            for (StoredLine each : page.items()) {
                chars += each.content().length();
            }
        } while (cursor.isPresent() && lines.size() < limit && chars < PAGE_CHARS);
        if (lines.isEmpty() && (archive.isPresent() || store.session(key).isEmpty())) {
            throw archive.isEmpty()
                    ? unknown(key)
                    : RpcException.of(
                            ErrorCode.NOT_FOUND,
                            "session " + key + " has no such archive; sessions.list with archived: true shows them");
        }
        Optional<String> next = cursor;
        return json -> {
            json.writeStartObject();
            json.writeStringField("session_key", key);
            json.writeArrayFieldStart("messages");
            for (StoredLine each : lines) {
                write(json, each);
            }
            json.writeEndArray();
            Json.optional(json, "next_cursor", next.orElse(null));
            json.writeEndObject();
        };
    }

    private static String key(RpcCall call) throws RpcException {
        String key = Params.sessionKey(call.text("session_key"));
        if (!call.caller().sees().session(key)) {
            throw unknown(key);
        }
        return key;
    }

    private RpcResult clear(RpcCall call) throws RpcException, InterruptedException {
        String key = key(call);
        int cleared = store.clearSession(key, clock.instant()).orElseThrow(() -> unknown(key));
        return json -> {
            json.writeStartObject();
            json.writeStringField("session_key", key);
            json.writeNumberField("cleared", cleared);
            json.writeEndObject();
        };
    }

    private RpcResult delete(RpcCall call) throws RpcException, InterruptedException {
        String key = key(call);
        if (!store.deleteSession(key)) {
            throw unknown(key);
        }
        return json -> {
            json.writeStartObject();
            json.writeBooleanField("deleted", true);
            json.writeEndObject();
        };
    }

    private RpcResult list(RpcCall call) throws InterruptedException {
        var filter = new SessionFilter(
                call.optionalText("agent_id"),
                Params.folded(call, "channel"),
                call.flag("archived"),
                call.caller().sees().agents());
        Page<StoredSession> page = store.sessions(filter, Params.limit(call), Params.cursor(call));
        return json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("sessions");
            for (StoredSession each : page.items()) {
                write(json, each);
            }
            json.writeEndArray();
            Json.optional(json, "next_cursor", page.next().orElse(null));
            json.writeEndObject();
        };
    }

    private static void write(JsonGenerator json, StoredLine line) throws IOException {
        json.writeStartObject();
        json.writeStringField("message_id", line.lineId());
        json.writeStringField("role", line.role());
        json.writeStringField("content", line.content());
        Json.time(json, "timestamp", line.at());
        var metadata = new HashMap<>(line.metadata());
        AttachmentJson.writeAttachments(
                json, AttachmentJson.readAttachments(metadata.remove(AttachmentJson.ATTACHMENTS)));
        AttachmentJson.writeButtons(json, AttachmentJson.readButtons(metadata.remove(AttachmentJson.BUTTONS)));
        if (!metadata.isEmpty()) {
            json.writeObjectFieldStart("metadata");
            for (Map.Entry<String, String> each : metadata.entrySet()) {
                json.writeStringField(each.getKey(), each.getValue());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, StoredSession session) throws IOException {
        SessionIdentity who = session.identity();
        json.writeStartObject();
        json.writeStringField("session_key", who.sessionKey());
        json.writeStringField("agent_id", who.agentId());
        json.writeStringField("channel", who.channel());
        json.writeStringField("account_id", who.accountId());
        if (who.peerId() == null) {
            json.writeNullField("peer");
        } else {
            json.writeObjectFieldStart("peer");
            Json.optional(json, "kind", who.peerKind());
            json.writeStringField("id", who.peerId());
            json.writeEndObject();
        }
        Json.time(json, "created_at", session.createdAt());
        Json.time(json, "updated_at", session.updatedAt());
        json.writeNumberField("message_count", session.messageCount());
        SessionUse use = session.use();
        json.writeNumberField("input_tokens", use.input());
        json.writeNumberField("output_tokens", use.output());
        if (use.hasCost()) {
            json.writeNumberField("cost", new Amount(use.costNanos()).decimal());
            json.writeStringField("currency", use.currency());
        }
        if (session.archiveId().isPresent()) {
            json.writeBooleanField("archived", true);
            json.writeStringField("archive_id", session.archiveId().get());
        }
        json.writeEndObject();
    }

    private static RpcException unknown(String key) {
        return RpcException.of(ErrorCode.NOT_FOUND, "there is no session " + key);
    }
}
