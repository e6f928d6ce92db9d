package dev.patchbay.hub.access;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Who has asked and who was let in, of one account, in memory. Looks are safe for many threads; one at a time may change it. */
final class PairingBook {
    private final Map<String, PairingRequest> requests = new ConcurrentHashMap<>();
    private final Map<String, PairedPeer> paired = new ConcurrentHashMap<>();

    /** Codes that are known to be in the delivery queue. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    void add(PairingRequest request) {
        requests.put(request.peerId(), request);
    }

    void add(PairedPeer peer) {
        paired.put(peer.peerId(), peer);
    }

    @Nullable
    PairingRequest request(String peerId) {
        return requests.get(peerId);
    }

    @Nullable
    PairedPeer paired(String peerId) {
        return paired.get(peerId);
    }

    Collection<PairingRequest> requests() {
        return requests.values();
    }

    Collection<PairedPeer> paired() {
        return paired.values();
    }

    /** Requests whose time is over, or whose peer is in: a crash may leave one beside the other. */
    List<PairingRequest> over(Instant now) {
        var over = new ArrayList<PairingRequest>();
        for (PairingRequest each : requests.values()) {
            if (!each.expiresAt().isAfter(now) || paired.containsKey(each.peerId())) {
                over.add(each);
            }
        }
        return over;
    }

    void remove(PairingRequest request) {
        requests.remove(request.peerId());
        told.remove(request.code());
    }

    void remove(PairedPeer peer) {
        paired.remove(peer.peerId());
    }

    boolean isTold(PairingRequest request) {
        return told.contains(request.code());
    }

    void told(PairingRequest request) {
        told.add(request.code());
    }
}
