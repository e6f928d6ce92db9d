package dev.patchbay.api;

import java.time.Duration;
import java.util.Objects;

/** What the platform did with one outbound message. Plugins make these; the hub reads them. */
public sealed interface DeliveryOutcome {

    /** The platform took the message. {@code remoteId} is its name for it, kept for support; empty if it gave none. */
    record Delivered(String remoteId) implements DeliveryOutcome {
        public Delivered {
            Objects.requireNonNull(remoteId, "remoteId");
        }
    }

    /**
     * Not now, but the same message may work later. Counts as a failed attempt. {@code retryAfter} is the platform's word and
     * the earliest moment of the next attempt; zero if it gave none.
     */
    record RetryLater(String reason, Duration retryAfter) implements DeliveryOutcome {
        public RetryLater {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(retryAfter, "retryAfter");
        }
    }

    /**
     * The platform asks to slow down, or nobody can take the message yet. Does not count as an attempt; {@code pause} is at
     * least one millisecond.
     */
    record Paced(String reason, Duration pause, Scope scope) implements DeliveryOutcome {
        public Paced {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(scope, "scope");
            if (pause.toMillis() < 1) {
                throw new IllegalArgumentException("pause " + pause + " is shorter than a millisecond");
            }
        }

        /** Who has to wait. */
        public enum Scope {
            PEER,
            ACCOUNT
        }
    }

    /** Never, however often it is tried: blocked by the peer, chat deleted, text not allowed. */
    record Refused(String reason) implements DeliveryOutcome {
        public Refused {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * The request left, the answer never came: the peer may have the message. Counts as a failed attempt. The hub asks {@link
     * Channel#reconcile} before it sends again, and marks what it sends again as possibly repeated.
     */
    record Unknown(String reason) implements DeliveryOutcome {
        public Unknown {
            Objects.requireNonNull(reason, "reason");
        }
    }
}
