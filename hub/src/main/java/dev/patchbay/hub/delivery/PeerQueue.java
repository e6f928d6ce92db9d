package dev.patchbay.hub.delivery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One peer of an account: its lanes (a group's threads are several), and how fast it may be sent to. Guarded by the {@link LaneBook}. */
final class PeerQueue {
    final Key key;
    final Pace pace = new Pace();
    final Line<Lane> ready = new Line<>();
    int lanes;

    /** The moment at which it will be looked at again while its pace holds it back. */
    @Nullable
    Instant napUntil;

    /** Kind and id. */
    record Key(String kind, String id) {
        /** Reads what {@link #toString} wrote. */
        static Key of(String text) {
            int colon = Math.max(0, text.indexOf(':'));
            return new Key(text.substring(0, colon), text.substring(Math.min(text.length(), colon + 1)));
        }

        @Override
        public String toString() {
            return kind + ":" + id;
        }
    }

    PeerQueue(Key key) {
        this.key = key;
    }
}
