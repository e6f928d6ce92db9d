package dev.patchbay.hub.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoredNote;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests and paired peers as the store keeps them: a note for each, in a scope for each account. */
final class PairingNotes {
    private static final Logger log = LoggerFactory.getLogger(PairingNotes.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REQUEST = "request/";
    private static final String PEER = "peer/";

    private final Store store;

    PairingNotes(Store store) {
        this.store = store;
    }

    /** Reads everything about an account into its book. */
    void load(Pairings.Account account, PairingBook book) throws InterruptedException {
        for (StoredNote note : store.notes(scope(account))) {
            try {
                JsonNode json = JSON.readTree(note.value());
                if (note.name().startsWith(REQUEST)) {
                    book.add(new PairingRequest(
                            account.channel(),
                            account.accountId(),
                            json.path("peer").asText(),
                            text(json, "sender_name"),
                            json.path("code").asText(),
                            Instant.parse(json.path("asked_at").asText()),
                            Instant.parse(json.path("expires_at").asText())));
                } else {
                    book.add(new PairedPeer(
                            account.channel(),
                            account.accountId(),
                            json.path("peer").asText(),
                            text(json, "sender_name"),
                            Instant.parse(json.path("approved_at").asText())));
                }
            } catch (JsonProcessingException | DateTimeException unreadable) {
                log.error(
                        "A pairing of channel={} account={} cannot be read; that peer has to ask again",
                        account.channel(),
                        account.accountId());
            }
        }
    }

    void keep(PairingRequest request) throws InterruptedException {
        ObjectNode json = json(request.peerId(), request.senderName());
        json.put("code", request.code());
        json.put("asked_at", request.askedAt().toString());
        json.put("expires_at", request.expiresAt().toString());
        keep(request.channel(), request.accountId(), REQUEST, request.peerId(), json.toString());
    }

    void keep(PairedPeer peer) throws InterruptedException {
        ObjectNode json = json(peer.peerId(), peer.senderName());
        json.put("approved_at", peer.approvedAt().toString());
        keep(peer.channel(), peer.accountId(), PEER, peer.peerId(), json.toString());
    }

    void forget(PairingRequest request) throws InterruptedException {
        keep(request.channel(), request.accountId(), REQUEST, request.peerId(), "");
    }

    void forget(PairedPeer peer) throws InterruptedException {
        keep(peer.channel(), peer.accountId(), PEER, peer.peerId(), "");
    }

    private void keep(String channel, String accountId, String kind, String peerId, String value)
            throws InterruptedException {
        // A note's name is shorter than a peer's id may be.
        store.keep(new StoredNote(scope(new Pairings.Account(channel, accountId)), kind + sha256(peerId), value));
    }

    private static String scope(Pairings.Account account) {
        return "access/" + account.channel() + "/" + account.accountId();
    }

    private static ObjectNode json(String peerId, @Nullable String senderName) {
        ObjectNode json = JSON.createObjectNode().put("peer", peerId);
        return senderName == null ? json : json.put("sender_name", senderName);
    }

    private static @Nullable String text(JsonNode json, String field) {
        return json.hasNonNull(field) ? json.path(field).asText() : null;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
