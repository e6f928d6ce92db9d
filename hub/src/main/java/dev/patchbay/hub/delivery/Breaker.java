package dev.patchbay.hub.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Notices that not a peer but the whole account is in trouble: then one message at a time finds out whether it is over, and the
 * others keep their attempts. Guarded by the {@link LaneBook}.
 */
final class Breaker {
    /** Sends to so many peers have failed, and none has succeeded in between. */
    private static final int PEERS = 5;

    private final Set<PeerQueue.Key> failing = new HashSet<>();
    private Duration pause = Duration.ZERO;
    private @Nullable Instant probeAt;

    /** A send begun at {@code began} came to nothing; the moment of the next try if the breaker opens now. */
    @Nullable
    Instant failed(PeerQueue.Key peer, Instant began, Instant now, DeliveryPolicy policy) {
        if (probeAt == null) {
            failing.add(peer);
            if (failing.size() < PEERS) {
                return null;
            }
            pause = policy.firstProbe();
        } else if (began.isBefore(probeAt)) {
            // It was under way when the breaker opened, and says nothing new.
            return null;
        } else {
            Duration longer = pause.multipliedBy(2);
            pause = longer.compareTo(policy.longestProbe()) > 0 ? policy.longestProbe() : longer;
        }
        boolean opens = probeAt == null;
        probeAt = now.plus(pause);
        return opens ? probeAt : null;
    }

    /** The platform has answered; true if the breaker was open until now. */
    boolean worked() {
        boolean closes = probeAt != null;
        failing.clear();
        probeAt = null;
        return closes;
    }

    /** How many lanes may send at once. */
    int most(int usually, Instant now) {
        return probeAt == null ? usually : now.isBefore(probeAt) ? 0 : 1;
    }

    /** When the next one may send that could otherwise at {@code free}. */
    Instant freeAt(Instant free) {
        return probeAt == null || probeAt.isBefore(free) ? free : probeAt;
    }

    /** Whether nothing is sent now. */
    boolean isOpen(Instant now) {
        return probeAt != null && now.isBefore(probeAt);
    }

    boolean isClosed() {
        return probeAt == null;
    }

    /** 0 closed, 1 one message at a time, 2 nothing is sent. */
    int state(Instant now) {
        return isClosed() ? 0 : isOpen(now) ? 2 : 1;
    }
}
