package dev.patchbay.hub.gateway.method;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.delivery.DeliveryRefused;
import dev.patchbay.hub.delivery.Outbound;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcCall;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcParameter;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import dev.patchbay.hub.gateway.rpc.RpcType;
import dev.patchbay.hub.routing.SessionKey;
import dev.patchbay.hub.store.DedupKey;
import dev.patchbay.hub.store.DeliveryFilter;
import dev.patchbay.hub.store.DeliveryRef;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.Enqueued;
import dev.patchbay.hub.store.LaneKey;
import dev.patchbay.hub.store.Page;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoredDelivery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Messages on their way out: sending one, and looking after all. */
public final class DeliveryMethods {
    private static final Duration KEY_KEPT = Duration.ofHours(24);
    private static final Duration TTL_MAX = Duration.ofDays(365);

    private static final RpcParameter[] SELECTION = {
        RpcParameter.optional(
                "state",
                new RpcType.Word(Arrays.stream(DeliveryState.values())
                        .map(DeliveryState::word)
                        .toList()),
                "in this state"),
        Params.maybe("channel", "of this channel"),
        Params.maybe("account_id", "of this account"),
        Params.maybe("to", "to this peer: ID of whatever kind, or KIND:ID"),
        Params.maybe("delivery_id", "this one")
    };

    private final Deliveries deliveries;
    private final AttachmentDesk files;
    private final Store store;
    private final Clock clock;

    public DeliveryMethods(Deliveries deliveries, AttachmentDesk files, Store store, Clock clock) {
        this.files = files;
        this.deliveries = deliveries;
        this.store = store;
        this.clock = clock;
    }

    public List<RpcMethod> all() {
        return List.of(
                RpcMethod.named("messages.send", Access.OPERATE, "Queues one message to a peer.")
                        .seen()
                        .takes(
                                Params.name("channel", "through this channel"),
                                Params.maybe("account_id", "through this account; default unless said"),
                                Params.name(
                                        "to",
                                        "the peer: ID, or KIND:ID; without a kind a person, unless the channel tells"
                                                + " groups by their ids"),
                                Params.text("what is sent"),
                                Params.maybe("thread_id", "into this thread or topic"),
                                Params.maybe("reply_to", "the platform's id of the message that it answers"),
                                RpcParameter.optional(
                                        "ttl", new RpcType.Text(16), "worth sending for so long: 10m, 7d"),
                                Params.IDEMPOTENCY_KEY,
                                Params.ATTACHMENTS,
                                Params.BUTTONS)
                        .returns("delivery_id, accepted_at, duplicate?")
                        .inOrder(DeliveryMethods::lane, call -> {
                            RpcResult queued = send(call);
                            return () -> queued;
                        }),
                RpcMethod.named("deliveries.list", Access.OPERATE, "Lists deliveries, the newest first.")
                        .seen()
                        .takes(with(all("lists"), Params.LIMIT, Params.CURSOR))
                        .returns("deliveries[{delivery_id, message_id?, session_key?, channel, account_id, to,"
                                + " thread_id?, state, parts, parts_done, attempts, next_attempt_at?, last_error?,"
                                + " created_at, expires_at, delivered_at?, remote_ids[], possibly_repeated}],"
                                + " next_cursor?")
                        .by(this::list),
                RpcMethod.named("deliveries.retry", Access.OPERATE, "Tries dead ones again, and waiting ones now.")
                        .seen()
                        .takes(with(all("retries")))
                        .returns("count")
                        .by(call -> count(deliveries.retry(selected(call)))),
                RpcMethod.named("deliveries.discard", Access.OPERATE, "Gives up pending and dead ones for good.")
                        .seen()
                        .takes(with(all("discards")))
                        .returns("count")
                        .by(call -> count(deliveries.discard(selected(call)))));
    }

    private static RpcParameter all(String does) {
        return RpcParameter.optional("all", new RpcType.Flag(), does + " whatever the other parameters leave in");
    }

    private static RpcParameter[] with(RpcParameter... more) {
        RpcParameter[] joined = Arrays.copyOf(SELECTION, SELECTION.length + more.length);
        System.arraycopy(more, 0, joined, SELECTION.length, more.length);
        return joined;
    }

    private static Object lane(RpcCall call) {
        return List.of(
                Params.folded(call.text("channel")),
                call.optionalText("account_id").orElse(""),
                call.text("to"),
                call.optionalText("thread_id").orElse(""));
    }

    private RpcResult send(RpcCall call) throws RpcException, InterruptedException {
        var message = new Outbound(
                Params.folded(call.text("channel")),
                Params.folded(call, "account_id").orElse(SessionKey.DEFAULT_ACCOUNT),
                Params.to(call, "to"),
                call.textOrNull("thread_id"),
                call.text("text"),
                Params.attachments(call, files),
                Params.buttons(call),
                call.textOrNull("reply_to"),
                null,
                false,
                ttl(call),
                null,
                null);
        if (!call.caller().sees().account(message.channel(), message.accountId())) {
            throw refused(DeliveryRefused.unknownAccount(message.channel(), message.accountId()));
        }
        Enqueued queued;
        try {
            queued = deliveries.send(message, dedup(call, message));
        } catch (DeliveryRefused refused) {
            throw refused(refused);
        }
        if (!queued.sameContent()) {
            throw RpcException.invalid("idempotency_key", "the key was used before with other parameters");
        }
        return json -> {
            json.writeStartObject();
            json.writeStringField("delivery_id", queued.deliveryId());
            Json.time(json, "accepted_at", queued.acceptedAt());
            if (queued.duplicate()) {
                json.writeBooleanField("duplicate", true);
            }
            json.writeEndObject();
        };
    }

    private static RpcException refused(DeliveryRefused refused) {
        String why = String.valueOf(refused.getMessage());
        return switch (refused.reason()) {
            case UNKNOWN_ACCOUNT -> RpcException.of(ErrorCode.NOT_FOUND, why);
            case CANNOT_SEND -> RpcException.invalid("channel", why);
            case EMPTY -> RpcException.invalid("text", why);
            case FULL -> RpcException.of(ErrorCode.FULL, why);
            case SHUTTING_DOWN -> RpcException.of(ErrorCode.SHUTTING_DOWN, why);
        };
    }

    private static Optional<Duration> ttl(RpcCall call) throws RpcException {
        String text = call.textOrNull("ttl");
        if (text == null) {
            return Optional.empty();
        }
        Duration ttl = Settings.parseDuration(text)
                .orElseThrow(() -> RpcException.invalid("ttl", "is no duration with a unit; write for instance 10m"));
        if (ttl.isZero() || ttl.compareTo(TTL_MAX) > 0) {
            throw RpcException.invalid("ttl", "is not between 1ms and 365d");
        }
        return Optional.of(ttl);
    }

    private Optional<DedupKey> dedup(RpcCall call, Outbound message) {
        return call.optionalText("idempotency_key")
                .map(key -> new DedupKey(
                        String.join("\n", "messages.send", call.caller().name(), key),
                        sha256(message.toString()),
                        clock.instant().plus(KEY_KEPT)));
    }

    private static String sha256(String content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static DeliveryFilter filter(RpcCall call) throws RpcException {
        Optional<Peer> to = call.optionalText("to").isPresent() ? Optional.of(Params.to(call, "to")) : Optional.empty();
        boolean withKind =
                to.isPresent() && !call.text("to").strip().equals(to.get().id());
        return new DeliveryFilter(
                call.optionalText("state")
                        .map(word -> Set.of(DeliveryState.valueOf(word.toUpperCase(Locale.ROOT))))
                        .orElse(Set.of()),
                Params.folded(call, "channel"),
                Params.folded(call, "account_id"),
                withKind ? to.map(peer -> peer.kind().word()) : Optional.empty(),
                to.map(Peer::id),
                call.optionalText("delivery_id"),
                call.caller().sees().accounts());
    }

    private DeliveryFilter selected(RpcCall call) throws RpcException, InterruptedException {
        DeliveryFilter filter = filter(call);
        if (filter.isEverything() && !call.flag("all")) {
            throw RpcException.invalid("all", "name which ones, or say all: true");
        }
        String id = call.textOrNull("delivery_id");
        if (id != null && store.delivery(id).filter(each -> isSeen(call, each)).isEmpty()) {
            throw RpcException.of(ErrorCode.NOT_FOUND, "there is no delivery " + id);
        }
        return filter;
    }

    private static boolean isSeen(RpcCall call, StoredDelivery delivery) {
        LaneKey lane = delivery.ref().lane();
        return call.caller().sees().account(lane.channel(), lane.accountId());
    }

    private static RpcResult count(int count) {
        return json -> {
            json.writeStartObject();
            json.writeNumberField("count", count);
            json.writeEndObject();
        };
    }

    private RpcResult list(RpcCall call) throws RpcException, InterruptedException {
        Page<StoredDelivery> page = store.deliveries(filter(call), Params.limit(call), Params.cursor(call));
        return json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("deliveries");
            for (StoredDelivery each : page.items()) {
                write(json, each);
            }
            json.writeEndArray();
            Json.optional(json, "next_cursor", page.next().orElse(null));
            json.writeEndObject();
        };
    }

    private static void write(JsonGenerator json, StoredDelivery delivery) throws IOException {
        DeliveryRef ref = delivery.ref();
        json.writeStartObject();
        json.writeStringField("delivery_id", ref.deliveryId());
        Json.optional(json, "message_id", delivery.messageId());
        Json.optional(json, "session_key", delivery.sessionKey());
        json.writeStringField("channel", ref.lane().channel());
        json.writeStringField("account_id", ref.lane().accountId());
        json.writeStringField("to", to(ref));
        Json.optional(json, "thread_id", ref.lane().threadId());
        json.writeStringField("state", ref.state().word());
        json.writeNumberField("parts", ref.parts());
        json.writeNumberField("parts_done", ref.partsDone());
        json.writeNumberField("attempts", ref.attempts());
        if (ref.state() == DeliveryState.PENDING) {
            Json.time(json, "next_attempt_at", ref.nextAttemptAt());
        }
        Json.optional(json, "last_error", delivery.lastError());
        Json.time(json, "created_at", ref.createdAt());
        Json.time(json, "expires_at", ref.expiresAt());
        Json.time(json, "delivered_at", delivery.deliveredAt());
        json.writeArrayFieldStart("remote_ids");
        for (String each : delivery.remoteIds()) {
            json.writeString(each);
        }
        json.writeEndArray();
        json.writeBooleanField("possibly_repeated", ref.possiblyRepeated());
        json.writeEndObject();
    }

    /** As {@code messages.send} takes it. */
    static String to(DeliveryRef ref) {
        String kind = ref.lane().peerKind();
        return kind.equals(Peer.Kind.DIRECT.word())
                ? ref.lane().peerId()
                : kind + ":" + ref.lane().peerId();
    }
}
