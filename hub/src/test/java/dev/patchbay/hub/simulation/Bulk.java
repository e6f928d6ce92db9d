package dev.patchbay.hub.simulation;

import dev.patchbay.hub.delivery.DeliveryRefused;
import dev.patchbay.hub.delivery.Outbound;
import dev.patchbay.hub.store.DedupKey;
import dev.patchbay.hub.store.StoreException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Somebody who has the hub send messages that answer nobody, with a key each, and repeats each until it was taken. */
final class Bulk {
    private final Timeline timeline;
    private final Life world;
    private final Serving.Finder hub;
    private final Chance chance;
    private final List<Talker> talkers;
    private final Duration pause;

    /** Delivery ids of what was taken, by text. */
    final Map<String, String> taken = new LinkedHashMap<>();

    /** Texts that were refused at first: whether they were stored nobody could know, so their place in the order is open. */
    private final Set<String> refused = new HashSet<>();

    private int left;

    Bulk(Sender.Means means, Chance chance, List<Talker> talkers, int messages, Duration pause) {
        this.timeline = means.timeline();
        this.world = means.world();
        this.hub = means.hub();
        this.chance = chance;
        this.talkers = talkers;
        this.left = messages;
        this.pause = pause;
    }

    void begin() {
        if (left > 0) {
            timeline.in(chance.upTo(pause.multipliedBy(2)), world, () -> {
                attempt("bulk." + left, chance.oneOf(talkers));
                left--;
                begin();
            });
        }
    }

    /** Delivery ids whose place in the order is open. */
    Set<String> withoutPlace() {
        return refused.stream().map(taken::get).filter(Objects::nonNull).collect(Collectors.toSet());
    }

    boolean isOver() {
        return left == 0;
    }

    private void attempt(String text, Talker to) {
        if (taken.containsKey(text)) {
            return;
        }
        timeline.in(chance.between(Duration.ofSeconds(3), Duration.ofSeconds(20)), world, () -> attempt(text, to));
        Serving serving = hub.find();
        if (serving != null) {
            serving.life().execute(() -> send(serving, text, to));
        }
    }

    private void send(Serving serving, String text, Talker to) {
        var message = Outbound.text(to.channel, Platform.ACCOUNT, to.peer, to.threadId, text, Optional.empty());
        var key = new DedupKey(text, "", timeline.now().plus(Duration.ofDays(1)));
        try {
            String id =
                    serving.core().deliveries().send(message, Optional.of(key)).deliveryId();
            taken.put(text, id);
            timeline.event(text + " is taken as " + id);
        } catch (DeliveryRefused | StoreException later) {
            refused.add(text);
            timeline.event(text + " is refused: " + later.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
