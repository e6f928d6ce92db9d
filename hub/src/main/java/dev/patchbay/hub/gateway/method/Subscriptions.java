package dev.patchbay.hub.gateway.method;

import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.gateway.rpc.EventStream;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who has subscribed: one subscription per socket, a later one takes the place of the earlier. Safe for many threads. */
public final class Subscriptions {
    private final ConcurrentHashMap<EventStream, Held> held = new ConcurrentHashMap<>();

    private final EventFrames frames = new EventFrames();

    private record Held(Subscription subscription, AutoCloseable live) {}

    EventFrames frames() {
        return frames;
    }

    Optional<Subscription> of(EventStream client) {
        return Optional.ofNullable(held.get(client)).map(Held::subscription);
    }

    /** From now on the subscription takes events; until the client goes or another one takes its place. */
    void hold(EventStream client, Subscription subscription, AutoCloseable live) {
        Held before = held.put(client, new Held(subscription, live));
        if (before == null) {
            client.onClose(() -> drop(client));
        } else {
            end(before.live());
        }
    }

    void drop(EventStream client) {
        Held gone = held.remove(client);
        if (gone != null) {
            end(gone.live());
        }
    }

    static void end(AutoCloseable live) {
        try {
            live.close();
        } catch (Exception impossible) {
            throw new IllegalStateException("subscriptions to events end without trouble", impossible);
        }
    }

    /** How many sockets listen. */
    public int size() {
        return held.size();
    }

    /** What subscribing needs. */
    AutoCloseable watch(Events events, Events.Filter filter, Subscription subscription) {
        return events.subscribe(filter, subscription);
    }
}
