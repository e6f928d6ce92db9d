package dev.patchbay.hub.event;

import dev.patchbay.hub.attachment.AttachmentJson;
import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import dev.patchbay.hub.metrics.Seldom;
import dev.patchbay.hub.store.Happening;
import dev.patchbay.hub.store.SequenceRange;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredLine;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Live events to subscribers, and missed ones from the store. A turn's {@code chat.start} and {@code chat.end} are not written
 * twice: they are read back from its transcript lines. Safe for many threads.
 */
public final class Events {
    private static final Logger log = LoggerFactory.getLogger(Events.class);

    /** Lists that a line keeps as text. */
    private static final List<String> ENCLOSED = List.of(AttachmentJson.ATTACHMENTS, AttachmentJson.BUTTONS);

    private final Store store;
    private final Clock clock;
    private final FailPoints failPoints;
    private final CopyOnWriteArrayList<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    private final AtomicLong latest = new AtomicLong();
    private final Seldom storeTold = new Seldom();

    /** Takes events; called by many threads, must neither block nor throw. */
    @FunctionalInterface
    public interface Listener {

        /**
         * Takes one event.
         *
         * @return false if it could not be taken (the client is too slow or gone)
         */
        boolean on(HubEvent event);
    }

    /**
     * Which events a subscriber wants; what is null matches all.
     *
     * @param channel with {@code peerId}: the subscriber is a terminal attached to this peer
     */
    public record Filter(
            @Nullable String sessionKey,
            @Nullable String channel,
            @Nullable String peerId) {
        public static final Filter ALL = new Filter(null, null, null);

        /** Whether a subscriber with this filter wants the event. */
        public boolean matches(HubEvent event) {
            return (sessionKey == null || sessionKey.equals(event.sessionKey()))
                    && (channel == null || channel.equals(event.fields().get("channel")))
                    && (peerId == null || peerId.equals(event.fields().get("to")));
        }

        private boolean isAttachedTo(HubEvent event) {
            return channel != null && peerId != null && matches(event);
        }
    }

    /** Events from a place on, and the place to ask from next. */
    public record Missed(List<HubEvent> events, long cursor) {}

    /** The cursor is older than what is kept, or from another store. */
    public static final class CursorGone extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient SequenceRange known;

        CursorGone(SequenceRange known) {
            super("the cursor is outside of what is kept: " + known.before() + " to " + known.last());
            this.known = known;
        }

        /** Cursors from {@code before} to {@code last} can be asked for. */
        public SequenceRange known() {
            return known;
        }
    }

    private record Subscription(Filter filter, Listener listener) {}

    public Events(Store store, Clock clock) throws InterruptedException {
        this(store, clock, FailPoints.NONE);
    }

    public Events(Store store, Clock clock, FailPoints failPoints) throws InterruptedException {
        this.store = store;
        this.clock = clock;
        this.failPoints = failPoints;
        latest.set(store.sequence().last());
    }

    /** Delivers live events until closed. */
    public AutoCloseable subscribe(Filter filter, Listener listener) {
        var subscription = new Subscription(filter, listener);
        subscriptions.add(subscription);
        return () -> subscriptions.remove(subscription);
    }

    /** Whether anybody listens; saves making events that nobody would see. */
    public boolean isWatched() {
        return !subscriptions.isEmpty();
    }

    /** The latest place that was told to anybody. */
    public long cursor() {
        return latest.get();
    }

    /** Tells of something that is already durable under {@code seq}. */
    public void publishDurable(
            String type,
            @Nullable String messageId,
            @Nullable String sessionKey,
            Map<String, String> fields,
            long seq) {
        latest.accumulateAndGet(seq, Math::max);
        publish(new HubEvent(type, messageId, sessionKey, fields, seq));
    }

    /** Tells of something passing: nobody can catch up on it. */
    public void publishPassing(
            String type, @Nullable String messageId, @Nullable String sessionKey, Map<String, String> fields) {
        if (isWatched()) {
            publish(new HubEvent(type, messageId, sessionKey, fields, latest.get()));
        }
    }

    /** Stores an event of its own and tells of it; if the store cannot take it, only those who listen learn of it. */
    public void record(String type, Map<String, String> fields) throws InterruptedException {
        try {
            long seq = store.appendEvent(type, fields, clock.instant());
            publishDurable(type, fields.get("message_id"), fields.get("session_key"), fields, seq);
        } catch (StoreException notStored) {
            storeTold.tell(more -> log.warn("Event {} was not stored{}: {}", type, more, notStored.getMessage()));
            publishPassing(type, fields.get("message_id"), fields.get("session_key"), fields);
        }
    }

    /** Hands an event to attached terminals only; true if at least one took it. */
    public boolean present(HubEvent event) {
        boolean taken = false;
        for (Subscription each : subscriptions) {
            if (each.filter().isAttachedTo(event)) {
                taken |= tell(each.listener(), event);
            }
        }
        return taken;
    }

    /**
     * What came after a place, in order.
     *
     * @param since a cursor; 0 for the oldest kept
     * @param limit at most 1,000
     * @throws CursorGone if events after it were dropped, or it was never given out
     */
    public Missed missed(long since, int limit) throws CursorGone, InterruptedException {
        SequenceRange known = store.sequence();
        if (since > known.last() || (since != 0 && since < known.before())) {
            throw new CursorGone(known);
        }
        List<Happening> happenings = store.happenings(since, limit);
        var events = new ArrayList<HubEvent>(happenings.size());
        long cursor = since;
        for (Happening each : happenings) {
            events.addAll(fromStore(each));
            cursor = each.seq();
        }
        return new Missed(List.copyOf(events), cursor);
    }

    private static List<HubEvent> fromStore(Happening happening) {
        return switch (happening) {
            case Happening.Event event ->
                List.of(new HubEvent(
                        event.type(),
                        event.fields().get("message_id"),
                        event.fields().get("session_key"),
                        event.fields(),
                        event.seq()));
            case Happening.Line(var line) when line.role().equals("assistant") -> ended(line);
            case Happening.Line(var line) -> asked(line);
        };
    }

    /** One end for each message that the line answers. */
    private static List<HubEvent> ended(StoredLine line) {
        var events = new ArrayList<HubEvent>(1);
        Map<String, String> fields = answered(line);
        String others = line.metadata().get("also_answers");
        if (others != null) {
            for (String each : others.split(" ", -1)) {
                events.add(ofLine("chat.end", each, line, fields));
            }
        }
        events.add(ofLine("chat.end", line.metadata().get("reply_to"), line, fields));
        return events;
    }

    private static Map<String, String> answered(StoredLine line) {
        var fields = new HashMap<String, String>();
        fields.put("text", line.content());
        for (String each : ENCLOSED) {
            String list = line.metadata().get(each);
            if (list != null) {
                fields.put(each, list);
            }
        }
        return fields;
    }

    /** A user line begins its turn, and ends it too if nobody answered. */
    private static List<HubEvent> asked(StoredLine line) {
        HubEvent start = ofLine("chat.start", line.lineId(), line, Map.of());
        String error = line.metadata().get("error");
        if (error != null) {
            return List.of(start, ofLine("chat.error", line.lineId(), line, Map.of("error", error)));
        }
        return line.metadata().containsKey("silent")
                ? List.of(start, ofLine("chat.end", line.lineId(), line, Map.of("text", "")))
                : List.of(start);
    }

    private static HubEvent ofLine(
            String type, @Nullable String messageId, StoredLine line, Map<String, String> fields) {
        return new HubEvent(type, messageId, line.sessionKey(), fields, line.seq());
    }

    private void publish(HubEvent event) {
        for (Subscription each : subscriptions) {
            if (each.filter().matches(event)) {
                tell(each.listener(), event);
            }
        }
    }

    /** What goes wrong with one listener costs neither the others nor whoever has something to tell. */
    private boolean tell(Listener listener, HubEvent event) {
        try {
            failPoints.reach(Place.EVENT_BEFORE_SEND);
            return listener.on(event);
        } catch (RuntimeException | Error failure) {
            log.error("A listener broke at event {}", event.type(), failure);
            return false;
        }
    }
}
