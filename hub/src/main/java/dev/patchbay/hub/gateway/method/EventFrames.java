package dev.patchbay.hub.gateway.method;

import dev.patchbay.hub.event.HubEvent;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/** Writes an event once for all who are told of it: a long answer must not be there as often as there are listeners. Safe for many threads. */
final class EventFrames {
    private volatile @Nullable Written latest;

    private record Written(WeakReference<HubEvent> event, WeakReference<byte[]> bytes) {}

    /** A whole notification; not to be changed. */
    byte[] of(HubEvent event) {
        Written known = latest;
        if (known != null && known.event().refersTo(event)) {
            byte[] bytes = known.bytes().get();
            if (bytes != null) {
                return bytes;
            }
        }
        byte[] bytes = EventJson.frame(event);
        // Weak: who has yet to send it holds it.
        latest = new Written(new WeakReference<>(event), new WeakReference<>(bytes));
        return bytes;
    }
}
