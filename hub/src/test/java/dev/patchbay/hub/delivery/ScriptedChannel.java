package dev.patchbay.hub.delivery;

import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.OutboundMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** A channel that answers as it was told to, per peer, and remembers what it was given. Delivers when it was told nothing. */
final class ScriptedChannel implements Channel {
    private final List<OutboundMessage> taken = new ArrayList<>();
    private final Map<String, Queue<DeliveryOutcome>> script = new HashMap<>();
    private DeliveryOutcome fate = new DeliveryOutcome.Unknown("cannot be asked");
    private Runnable onTaken = () -> {};
    private int asked;

    synchronized void willAnswer(String peer, DeliveryOutcome... outcomes) {
        script.computeIfAbsent(peer, unused -> new ArrayDeque<>()).addAll(List.of(outcomes));
    }

    synchronized void willReconcile(DeliveryOutcome outcome) {
        fate = outcome;
    }

    synchronized void willTell(Runnable whenTaken) {
        onTaken = whenTaken;
    }

    @Override
    public synchronized DeliveryOutcome deliver(OutboundMessage message) {
        taken.add(message);
        onTaken.run();
        Queue<DeliveryOutcome> outcomes = script.getOrDefault(message.to().id(), new ArrayDeque<>());
        return outcomes.isEmpty() ? new DeliveryOutcome.Delivered("r" + taken.size()) : outcomes.poll();
    }

    @Override
    public synchronized DeliveryOutcome reconcile(OutboundMessage message) {
        asked++;
        return fate;
    }

    synchronized List<OutboundMessage> taken() {
        return List.copyOf(taken);
    }

    synchronized List<String> texts(String peer) {
        return taken.stream()
                .filter(each -> each.to().id().equals(peer))
                .map(OutboundMessage::text)
                .toList();
    }

    synchronized int asked() {
        return asked;
    }

    @Override
    public void close() {}
}
