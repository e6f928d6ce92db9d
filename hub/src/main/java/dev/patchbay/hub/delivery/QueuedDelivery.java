package dev.patchbay.hub.delivery;

import dev.patchbay.hub.store.AttemptEnd;
import dev.patchbay.hub.store.DeliveryRef;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.LaneKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a lane remembers of an open delivery. Its fields are guarded by the {@link LaneBook}; while it is {@code busy} they belong
 * to the thread that sends it.
 */
final class QueuedDelivery {
    final long seq;
    final String id;
    final LaneKey lane;
    final Instant createdAt;
    final Instant expiresAt;

    /** Somebody waits for it: it answers a message. */
    final boolean isReply;

    final int bodyBytes;

    int parts;
    int attempts;
    int partsDone;
    Instant notBefore;

    /** It could not be ended although its time is over; not tried again before. */
    Instant notEndedBefore = Instant.MIN;

    /** How often the hub itself, not the channel, has failed at it. */
    int breakdowns;

    /** A thread is sending it, or somebody is ending it. */
    boolean busy;

    /** An earlier try of the next part may have reached the peer and nobody has found out yet. */
    boolean uncertain;

    /** Something of it was sent again although it may have arrived before. */
    boolean repeated;

    /** An outcome that the store has not taken yet: to be stored before anything else happens. */
    @Nullable
    AttemptEnd unsaved;

    /** The body while it is small and young; otherwise it is read again. */
    @Nullable
    OutboundBody body;

    /** The session that made it; known only together with the body. */
    final @Nullable String sessionKey;

    /** Whether it may be taken and ended: nobody is busy with it, and the store knows all about it. */
    boolean isFree() {
        return !busy && unsaved == null;
    }

    /** Whether something of it may have reached the peer, or does so now. */
    boolean hasBegun() {
        return busy || uncertain || partsDone > 0 || unsaved != null;
    }

    /** A delivery as the store has it, its body to be read when it is needed. */
    QueuedDelivery(DeliveryRef ref) {
        this(ref, null, null);
    }

    QueuedDelivery(DeliveryRef ref, @Nullable OutboundBody body, @Nullable String sessionKey) {
        seq = ref.seq();
        id = ref.deliveryId();
        lane = ref.lane();
        createdAt = ref.createdAt();
        expiresAt = ref.expiresAt();
        isReply = ref.isReply();
        bodyBytes = ref.bodyBytes();
        parts = ref.parts();
        attempts = ref.attempts();
        partsDone = ref.partsDone();
        notBefore = ref.nextAttemptAt();
        repeated = ref.possiblyRepeated();
        // Cut off while it was being sent, or waiting to be repeated after an answer that never came.
        uncertain = ref.state() == DeliveryState.SENDING || (ref.possiblyRepeated() && ref.attempts() > 0);
        this.body = body;
        this.sessionKey = sessionKey;
    }
}
