package dev.patchbay.hub.simulation;

import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoredDelivery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sees what people and platforms see, knows what the hub has promised, and objects. Knows nothing of how the hub works but the rows in
 * which it says what it did.
 */
final class Judge {
    private final Timeline timeline;
    private final Map<String, Lane> lanes = new TreeMap<>();
    private final Map<String, List<String>> arrivedParts = new LinkedHashMap<>();
    private final Map<String, Integer> reasonsToRepeat = new HashMap<>();
    private final Map<String, List<Thread>> turns = new HashMap<>();
    private final Set<String> repeated = new HashSet<>();
    private final Set<String> refused = new HashSet<>();
    private final List<String> objections = new ArrayList<>();
    private int repeats;

    /** One part of one delivery. */
    record Part(String deliveryId, int number) {
        static Part of(OutboundMessage message) {
            return new Part(message.deliveryId(), message.part());
        }
    }

    /** What has come through one lane. */
    static final class Lane {
        final List<Part> arrived = new ArrayList<>();
        private final Map<String, Integer> answered = new HashMap<>();
        private @Nullable Part underWay;

        @Nullable
        Part latest() {
            return arrived.isEmpty() ? null : arrived.getLast();
        }
    }

    Judge(Timeline timeline) {
        this.timeline = timeline;
    }

    void object(String what) {
        objections.add(what);
        timeline.event("OBJECTION: " + what);
    }

    List<String> objections() {
        return objections;
    }

    int repeats() {
        return repeats;
    }

    // ---- turns

    void turnBegins(String session, String text) {
        timeline.event("turn of " + text + " begins");
        List<Thread> agents = turns.computeIfAbsent(session, absent -> new ArrayList<>());
        // One that was told to stop may need a moment to hear it; its turn is over.
        agents.removeIf(Thread::isInterrupted);
        if (!agents.isEmpty()) {
            object("two turns at once in session " + session);
        }
        agents.add(Thread.currentThread());
    }

    /** The agent has answered, failed, or was told to stop. */
    void turnEnds(String session) {
        turns.getOrDefault(session, new ArrayList<>()).remove(Thread.currentThread());
    }

    // ---- sends

    void leaves(String lane, OutboundMessage message) {
        Lane log = lane(lane);
        if (log.underWay != null) {
            object("two sends at once in lane " + lane);
        }
        log.underWay = Part.of(message);
        timeline.event("send " + Part.of(message) + " to " + lane + (message.possiblyRepeated() ? " (marked)" : ""));
    }

    /** The peer sees the message. */
    void arrives(String lane, OutboundMessage message) {
        Lane log = lane(lane);
        Part part = Part.of(message);
        List<String> parts = arrivedParts.computeIfAbsent(part.deliveryId(), absent -> new ArrayList<>());
        if (part.number() <= parts.size()) {
            repeat(lane, log, message);
            return;
        }
        if (part.number() != parts.size() + 1) {
            object(part + " arrives although " + parts.size() + " parts have arrived");
        }
        parts.add(message.text());
        log.arrived.add(part);
        Script.Answered answered = Script.whatIsAnswered(message.text());
        int before = log.answered.getOrDefault(answered.who(), -1);
        if (answered.index() < before) {
            object("in lane " + lane + " the answer to " + answered + " arrives after the answer to " + before);
        }
        log.answered.put(answered.who(), Math.max(before, answered.index()));
    }

    /** The hub hears what became of a send. */
    void answered(String lane, OutboundMessage message, DeliveryOutcome outcome) {
        Part part = Part.of(message);
        lane(lane).underWay = null;
        if (outcome instanceof Unknown) {
            mayRepeat(part);
        } else if (outcome instanceof Refused) {
            refused.add(part.deliveryId());
        }
        timeline.event(part + ": " + outcome);
    }

    private void repeat(String lane, Lane log, OutboundMessage message) {
        Part part = Part.of(message);
        repeats++;
        repeated.add(part.deliveryId());
        timeline.event("repeat of " + part);
        if (!part.equals(log.latest())) {
            object("in lane " + lane + " " + part + " is repeated after " + log.latest());
        }
        if (!message.possiblyRepeated()) {
            object(part + " is repeated without the mark");
        }
        if (reasonsToRepeat.merge(name(part), -1, Integer::sum) < 0) {
            object(part + " is repeated without a reason");
        }
    }

    // ---- ends of the hub

    /**
     * The hub is dead.
     *
     * @param atRest true if it had time to end all sends: then there is no reason to repeat anything
     */
    void dies(Store stored, boolean atRest) throws InterruptedException {
        for (Map.Entry<String, Lane> each : lanes.entrySet()) {
            Lane lane = each.getValue();
            if (atRest && lane.underWay != null) {
                object("the hub has stopped, and a send is under way in lane " + each.getKey());
            }
            Part last = lane.underWay != null ? lane.underWay : lane.latest();
            lane.underWay = null;
            if (last != null && !atRest) {
                Optional<StoredDelivery> row = stored.delivery(last.deliveryId());
                boolean isOpen = row.filter(found ->
                                found.ref().state().isOpen() && found.ref().partsDone() < last.number())
                        .isPresent();
                if (isOpen) {
                    mayRepeat(last);
                }
            }
        }
        turns.clear();
    }

    private void mayRepeat(Part part) {
        reasonsToRepeat.merge(name(part), 1, Integer::sum);
    }

    // ---- what was seen

    Map<String, Lane> lanes() {
        return lanes;
    }

    /** Texts of a delivery's parts as they arrived first. */
    List<String> arrived(String deliveryId) {
        return arrivedParts.getOrDefault(deliveryId, List.of());
    }

    Set<String> deliveriesSeen() {
        return arrivedParts.keySet();
    }

    boolean wasRefused(String deliveryId) {
        return refused.contains(deliveryId);
    }

    boolean wasRepeated(String deliveryId) {
        return repeated.contains(deliveryId);
    }

    private Lane lane(String name) {
        return lanes.computeIfAbsent(name, absent -> new Lane());
    }

    private static String name(Part part) {
        return part.deliveryId() + "." + part.number();
    }
}
