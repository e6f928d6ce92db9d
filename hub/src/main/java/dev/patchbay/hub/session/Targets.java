package dev.patchbay.hub.session;

import dev.patchbay.api.Peer;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.routing.SessionKey;
import dev.patchbay.hub.store.SessionIdentity;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoredSession;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out whom a {@link Target} means now. Safe for many threads. */
public final class Targets {
    private final LastPeers lastPeers;
    private final Store store;
    private final Deliveries deliveries;

    public Targets(LastPeers lastPeers, Store store, Deliveries deliveries) {
        this.lastPeers = lastPeers;
        this.store = store;
        this.deliveries = deliveries;
    }

    /**
     * Refuses a target that nothing can be sent to.
     *
     * @throws IllegalArgumentException if it names an account that there is not, or that cannot send; the message is fit for whoever
     *     wrote it
     */
    public void check(Target target) {
        if (target instanceof Target.Named(Address to) && !deliveries.canSend(to.channel(), to.accountId())) {
            throw new IllegalArgumentException(
                    "channel " + to.channel() + " has no account " + to.accountId() + " that can send");
        }
    }

    /** Where the target is now; empty if it means nobody, or nobody has written yet, or the session has no peer. */
    public Optional<Address> now(Target target, SessionKey session) throws InterruptedException {
        return switch (target) {
            case Target.Nobody nobody -> Optional.empty();
            case Target.LastPeer last -> lastPeers.of(session.agentId());
            case Target.Asker asker -> peerOf(session);
            case Target.Named(Address address) -> Optional.of(address);
        };
    }

    /** The key knows the peer, and the transcript the account, which not every key names. */
    private Optional<Address> peerOf(SessionKey session) throws InterruptedException {
        Optional<SessionIdentity> known = store.session(session.toString()).map(StoredSession::identity);
        String channel = session.channel() != null
                ? session.channel()
                : known.map(SessionIdentity::channel).orElse(Conversations.API_CHANNEL);
        if (channel.equals(Conversations.API_CHANNEL)) {
            return Optional.empty();
        }
        String account = session.accountId() != null
                ? session.accountId()
                : known.map(SessionIdentity::accountId).orElse(SessionKey.DEFAULT_ACCOUNT);
        Peer peer = session.peer() != null
                ? session.peer()
                : known.map(each -> peer(each.peerKind(), each.peerId())).orElse(null);
        return peer == null ? Optional.empty() : Optional.of(new Address(channel, account, peer, session.threadId()));
    }

    private static @Nullable Peer peer(@Nullable String kind, @Nullable String id) {
        return kind == null || id == null ? null : new Peer(Peer.Kind.of(kind), id);
    }
}
