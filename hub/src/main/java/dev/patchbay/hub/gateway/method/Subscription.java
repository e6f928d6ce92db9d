package dev.patchbay.hub.gateway.method;

import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.event.HubEvent;
import dev.patchbay.hub.gateway.rpc.EventStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One client's wish for events. First comes what it missed, from the store; what happens meanwhile waits and follows without a
 * gap and without a repeat. Safe for many threads.
 */
final class Subscription implements Events.Listener {
    private static final int WAITING_MAX = 1_000;
    private static final int PAGE = 500;
    private static final int ROUNDS_MAX = 100;
    private static final Duration LIVE_WAIT = Duration.ofSeconds(10);

    private final Events.Filter filter;
    private final EventStream client;
    private final EventFrames frames;
    private final ArrayDeque<HubEvent> waiting = new ArrayDeque<>();
    /** More than are ever committed together. */
    private static final int REPLAYED_MAX = 512;

    private boolean live;
    private boolean overflowed;

    /** The latest replayed events: those committed just before may still be published live, and must not come twice. */
    private final Set<Sent> replayed = new LinkedHashSet<>();

    private record Sent(long seq, String type, @Nullable String messageId) {
        static Sent of(HubEvent event) {
            return new Sent(event.seq(), event.type(), event.messageId());
        }
    }

    Subscription(Events.Filter filter, EventStream client, EventFrames frames) {
        this.frames = frames;
        this.filter = filter;
        this.client = client;
    }

    boolean wants(HubEvent event) {
        return filter.matches(event);
    }

    @Override
    public synchronized boolean on(HubEvent event) {
        if (live && replayed.contains(Sent.of(event))) {
            return true;
        }
        if (live) {
            return client.send(frames.of(event));
        }
        if (waiting.size() < WAITING_MAX) {
            waiting.add(event);
        } else {
            // The store has what is worth keeping: the replay goes on until it has caught up.
            overflowed = true;
        }
        return true;
    }

    /**
     * Sends what was missed, then goes live.
     *
     * @param since the client's cursor
     * @return the cursor that it has now; -1 if the client is gone or does not read
     */
    long replay(Events events, long since) throws Events.CursorGone, InterruptedException {
        long cursor = since;
        for (int round = 0; round < ROUNDS_MAX; round++) {
            cursor = catchUp(events, cursor);
            if (cursor < 0 || goLive(cursor)) {
                return cursor;
            }
        }
        return -1;
    }

    /** Without anything missed. */
    void startLive() {
        while (!goLive(0)) {
            // So many came in between that some were left out: nobody has asked for those.
            Thread.onSpinWait();
        }
    }

    /** Waits until nothing is held back any more; gives up after a while. */
    synchronized void awaitLive() throws InterruptedException {
        long end = System.nanoTime() + LIVE_WAIT.toNanos();
        while (!live) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return;
            }
            wait(millis);
        }
    }

    private long catchUp(Events events, long since) throws Events.CursorGone, InterruptedException {
        long cursor = since;
        while (true) {
            Events.Missed missed = events.missed(cursor, PAGE, filter.sees());
            if (missed.events().isEmpty()) {
                return cursor;
            }
            if (!client.awaitRoom()) {
                return -1;
            }
            for (HubEvent each : missed.events()) {
                if (filter.matches(each) && !client.send(frames.of(each))) {
                    return -1;
                }
                remember(each);
            }
            cursor = missed.cursor();
        }
    }

    private synchronized boolean goLive(long cursor) {
        if (overflowed) {
            overflowed = false;
            waiting.clear();
            return false;
        }
        for (HubEvent each : List.copyOf(waiting)) {
            if (each.seq() >= cursor && !replayed.contains(Sent.of(each))) {
                client.send(frames.of(each));
            }
        }
        waiting.clear();
        live = true;
        notifyAll();
        return true;
    }

    private synchronized void remember(HubEvent event) {
        replayed.add(Sent.of(event));
        if (replayed.size() > REPLAYED_MAX) {
            replayed.remove(replayed.iterator().next());
        }
    }
}
