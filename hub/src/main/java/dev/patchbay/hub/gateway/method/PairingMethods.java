package dev.patchbay.hub.gateway.method;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.patchbay.api.Peer;
import dev.patchbay.hub.access.PairedPeer;
import dev.patchbay.hub.access.PairingRequest;
import dev.patchbay.hub.access.Pairings;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcCall;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import dev.patchbay.hub.routing.SessionKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Strangers who ask to be let in, and those who were. */
public final class PairingMethods {
    private final Pairings pairings;

    public PairingMethods(Pairings pairings) {
        this.pairings = pairings;
    }

    public List<RpcMethod> all() {
        return List.of(
                RpcMethod.named("pairing.list", Access.OPERATE, "Shows who asks to be let in, and who was.")
                        .seen()
                        .takes(
                                Params.maybe("channel", "of this channel"),
                                Params.maybe("account_id", "of this account"),
                                Params.LIMIT,
                                Params.CURSOR)
                        .returns("requests[{code, channel, account_id, peer, sender_name?, asked_at, expires_at}],"
                                + " approved[{channel, account_id, peer, sender_name?, approved_at}], next_cursor?")
                        .by(this::list),
                RpcMethod.named("pairing.approve", Access.OPERATE, "Lets in whoever was given a code, and tells them.")
                        .seen()
                        .takes(Params.name("code", "the code; case and blanks do not matter"))
                        .returns("channel, account_id, peer, sender_name?, approved_at")
                        .by(this::approve),
                RpcMethod.named("pairing.revoke", Access.OPERATE, "Makes somebody a stranger again.")
                        .seen()
                        .takes(
                                Params.name("channel", "the channel"),
                                Params.maybe("account_id", "the account; default unless said"),
                                Params.name("peer", "the person's id"))
                        .returns("revoked")
                        .by(this::revoke));
    }

    private RpcResult list(RpcCall call) throws RpcException, InterruptedException {
        Optional<String> channel = Params.folded(call, "channel");
        Optional<String> account = Params.folded(call, "account_id");
        String after = after(Params.cursor(call));
        List<PairingRequest> requests = !after.isEmpty()
                ? List.of()
                : pairings.requests().stream()
                        .filter(each -> isMeant(channel, account, each.channel(), each.accountId()))
                        .filter(each -> call.caller().sees().account(each.channel(), each.accountId()))
                        .toList();
        List<PairedPeer> rest = pairings.paired().stream()
                .filter(each -> isMeant(channel, account, each.channel(), each.accountId()))
                .filter(each -> call.caller().sees().account(each.channel(), each.accountId()))
                .filter(each -> place(each).compareTo(after) > 0)
                .toList();
        int limit = Params.limit(call);
        List<PairedPeer> page = rest.subList(0, Math.min(limit, rest.size()));
        return json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("requests");
            for (PairingRequest each : requests) {
                write(json, each);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("approved");
            for (PairedPeer each : page) {
                write(json, each);
            }
            json.writeEndArray();
            Json.optional(json, "next_cursor", page.size() < rest.size() ? cursor(page.getLast()) : null);
            json.writeEndObject();
        };
    }

    private RpcResult approve(RpcCall call) throws RpcException, InterruptedException {
        PairedPeer peer = pairings.approve(
                        call.text("code"),
                        account -> call.caller().sees().account(account.channel(), account.accountId()))
                .orElseThrow(() -> RpcException.of(
                        ErrorCode.NOT_FOUND,
                        "no such code is open: it is mistyped, used or older than an hour; pairing.list shows the open"
                                + " ones"));
        return json -> write(json, peer);
    }

    private RpcResult revoke(RpcCall call) throws RpcException, InterruptedException {
        Peer peer = Params.to(call, "peer");
        var account = new Pairings.Account(
                Params.folded(call.text("channel")),
                Params.folded(call, "account_id").orElse(SessionKey.DEFAULT_ACCOUNT));
        if (peer.kind() != Peer.Kind.DIRECT
                || !call.caller().sees().account(account.channel(), account.accountId())
                || !pairings.revoke(account, peer.id())) {
            throw RpcException.of(
                    ErrorCode.NOT_FOUND,
                    "account " + account.accountId() + " of channel " + account.channel()
                            + " has let nobody of that id in by a code; pairing.list shows whom it has");
        }
        return json -> {
            json.writeStartObject();
            json.writeBooleanField("revoked", true);
            json.writeEndObject();
        };
    }

    private static boolean isMeant(
            Optional<String> channel, Optional<String> account, String itsChannel, String itsAccount) {
        return (channel.isEmpty() || channel.get().equals(itsChannel))
                && (account.isEmpty() || account.get().equals(itsAccount));
    }

    /** Sorts as the list does: nothing is smaller than what stands between the parts. */
    private static String place(PairedPeer peer) {
        return String.join("\0", peer.channel(), peer.accountId(), peer.peerId());
    }

    private static String cursor(PairedPeer last) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(place(last).getBytes(StandardCharsets.UTF_8));
    }

    private static String after(Optional<String> cursor) throws RpcException {
        try {
            return cursor.map(text -> new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8))
                    .orElse("");
        } catch (IllegalArgumentException noBase64) {
            throw RpcException.invalid("cursor", "is not one that this list has given out; start without it");
        }
    }

    private static void write(JsonGenerator json, PairingRequest request) throws IOException {
        json.writeStartObject();
        json.writeStringField("code", request.code());
        write(json, request.channel(), request.accountId(), request.peerId(), request.senderName());
        Json.time(json, "asked_at", request.askedAt());
        Json.time(json, "expires_at", request.expiresAt());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, PairedPeer peer) throws IOException {
        json.writeStartObject();
        write(json, peer.channel(), peer.accountId(), peer.peerId(), peer.senderName());
        Json.time(json, "approved_at", peer.approvedAt());
        json.writeEndObject();
    }

    private static void write(
            JsonGenerator json, String channel, String accountId, String peerId, @Nullable String senderName)
            throws IOException {
        json.writeStringField("channel", channel);
        json.writeStringField("account_id", accountId);
        json.writeObjectFieldStart("peer");
        json.writeStringField("kind", Peer.Kind.DIRECT.word());
        json.writeStringField("id", peerId);
        json.writeEndObject();
        Json.optional(json, "sender_name", senderName);
    }
}
