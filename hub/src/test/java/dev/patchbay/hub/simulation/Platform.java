package dev.patchbay.hub.simulation;

import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import dev.patchbay.api.Draft;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.hub.delivery.Outlets;
import dev.patchbay.hub.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One account's platform and the network to it. It outlives the hub: what is on its way when the hub dies arrives all the same. */
final class Platform {
    static final String ACCOUNT = "default";

    /** The hub waits no longer for an answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final String channel;
    final Weathercock weather;
    private final Kind kind;
    private final Timeline timeline;
    private final Life world;
    private final Storm storm;
    private final Judge judge;
    private final Chance chance;
    private final Plan.Weather plan;
    private final List<Counter> ofAccount;
    private final Map<Peer, List<Counter>> ofPeers = new HashMap<>();
    private final Map<String, Pause> pauses = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private long remoteIds;

    /**
     * What kind of platform it is.
     *
     * @param knowsKeys it recognises what it has by its key, and can be asked for it
     */
    record Kind(Outlets.Traits traits, boolean knowsKeys) {}

    /** The platform wants nothing until then, and the hub knows since then. */
    private record Pause(Instant knownAt, Instant until) {}

    /** Something on its way. */
    private record Request(Life hub, Peer to, boolean isDraft, Instant began, Consumer<DeliveryOutcome> answer) {}

    Platform(
            String channel,
            Kind kind,
            Timeline timeline,
            Life world,
            Storm storm,
            Judge judge,
            Plan.Weather plan,
            long seed) {
        this.channel = channel;
        this.kind = kind;
        this.timeline = timeline;
        this.world = world;
        this.storm = storm;
        this.judge = judge;
        this.plan = plan;
        this.chance = new Chance(seed, channel);
        this.ofAccount = Counter.of(kind.traits().pacing().account());
        this.weather = new Weathercock(
                timeline, world, new Chance(seed, channel + " weather"), channel, plan.calm(), plan.outage());
    }

    Outlets.Traits traits() {
        return kind.traits();
    }

    Plan.Weather plan() {
        return plan;
    }

    /**
     * The platform as one life of the hub reaches it.
     *
     * @param sendsTwice whether the way there is broken on purpose
     */
    Channel channel(Life hub, boolean sendsTwice) {
        return new Connected(hub, sendsTwice);
    }

    /** The hub is dead: what it had not written down of our wishes it cannot know any more. */
    void hubDies(Store stored) throws InterruptedException {
        var kept = new HashMap<String, Instant>();
        stored.notes("pacing/" + channel + "/" + ACCOUNT)
                .forEach(note -> kept.put(
                        note.name(),
                        Instant.ofEpochMilli(Long.parseLong(note.value().split(" ", -1)[0]))));
        pauses.entrySet().removeIf(each -> kept.getOrDefault(each.getKey(), Instant.EPOCH)
                .isBefore(each.getValue().until()));
        ofAccount.forEach(Counter::forgetDrafts);
        ofPeers.values().forEach(peer -> peer.forEach(Counter::forgetDrafts));
    }

    private final class Connected implements Channel {
        private final Life hub;
        private final boolean sendsTwice;

        Connected(Life hub, boolean sendsTwice) {
            this.hub = hub;
            this.sendsTwice = sendsTwice;
        }

        @Override
        public DeliveryOutcome deliver(OutboundMessage message) throws InterruptedException {
            String lane = Talker.lane(channel, message);
            judge.leaves(lane, message);
            if (sendsTwice) {
                request(message.to(), false, () -> take(lane, message));
            }
            DeliveryOutcome outcome = request(message.to(), false, () -> take(lane, message));
            judge.answered(lane, message, outcome);
            return outcome;
        }

        @Override
        public DeliveryOutcome reconcile(OutboundMessage message) throws InterruptedException {
            if (!kind.knowsKeys()) {
                return Channel.super.reconcile(message);
            }
            hub.sleep(oneWay().multipliedBy(2));
            if (!storm.isOver() && (weather.isOut() || chance.happens(0.1))) {
                return new Unknown("the platform cannot be asked now");
            }
            return known.contains(message.idempotencyKey())
                    ? new Delivered(message.idempotencyKey())
                    : new RetryLater("it has not arrived", Duration.ZERO);
        }

        @Override
        public DeliveryOutcome draft(Draft draft) throws InterruptedException {
            return request(
                    draft.to(),
                    true,
                    () -> new Delivered(draft.remoteId() == null ? "draft" + remoteIds++ : draft.remoteId()));
        }

        @Override
        public void close() {}

        /** Sends something and waits for the answer; {@code take} is what the platform does with it if nothing is in the way. */
        private DeliveryOutcome request(Peer to, boolean isDraft, Supplier<DeliveryOutcome> take)
                throws InterruptedException {
            var over = new CountDownLatch(1);
            var outcome = new DeliveryOutcome[1];
            var request = new Request(hub, to, isDraft, timeline.now(), answer -> {
                outcome[0] = answer;
                over.countDown();
            });
            timeline.in(oneWay(), world, () -> arrive(request, take));
            over.await();
            if (outcome[0] instanceof Paced paced) {
                Instant now = timeline.now();
                pauses.put(
                        paced.scope() == Paced.Scope.ACCOUNT ? "account" : name(to),
                        new Pause(now, now.plus(paced.pause())));
            }
            return outcome[0];
        }
    }

    private void arrive(Request request, Supplier<DeliveryOutcome> take) {
        boolean fair = !storm.isOver();
        if (fair && chance.happens(plan.lostBefore())) {
            storm.fault(channel + " lost a request");
            answer(request, new Unknown("reset before it was taken"));
            return;
        }
        countIn(request);
        if (weather.isOut()) {
            storm.fault(channel + " is out");
            answer(
                    request,
                    chance.happens(0.5) ? new RetryLater("503", Duration.ZERO) : new Unknown("no answer in an outage"));
        } else if (fair && chance.happens(plan.paced())) {
            storm.fault(channel + " asks to slow down");
            answer(
                    request,
                    new Paced(
                            "429",
                            chance.between(Duration.ofMillis(100), Duration.ofSeconds(20)),
                            chance.happens(0.5) ? Paced.Scope.PEER : Paced.Scope.ACCOUNT));
        } else if (fair && chance.happens(plan.errors())) {
            storm.fault(channel + " has an internal error");
            answer(
                    request,
                    new RetryLater("500", chance.happens(0.5) ? Duration.ZERO : chance.upTo(Duration.ofSeconds(8))));
        } else if (fair && chance.happens(plan.refused())) {
            storm.fault(channel + " refuses");
            answer(request, new Refused("blocked by the peer"));
        } else {
            DeliveryOutcome taken = take.get();
            if (fair && chance.happens(plan.lostAfter())) {
                storm.fault(channel + " lost an answer");
                answer(request, new Unknown("reset after it was taken"));
            } else if (fair && chance.happens(plan.hangs())) {
                storm.fault(channel + " never answers");
                answerAt(request.began().plus(PATIENCE), request, new Unknown("no answer"));
            } else {
                answer(request, taken);
            }
        }
    }

    private DeliveryOutcome take(String lane, OutboundMessage message) {
        String key = message.idempotencyKey();
        boolean isNew = known.add(key);
        if (isNew || !kind.knowsKeys()) {
            judge.arrives(lane, message);
        }
        return new Delivered(kind.knowsKeys() ? key : "r" + remoteIds++);
    }

    private void countIn(Request request) {
        if (request.isDraft() && request.hub().isOver()) {
            return;
        }
        Instant now = timeline.now();
        timeline.event(channel + " gets something for " + name(request.to()) + " that left at " + request.began());
        boolean allowed = Counter.takeAll(ofAccount, now, request.isDraft());
        allowed &= Counter.takeAll(ofPeers.computeIfAbsent(request.to(), this::counters), now, request.isDraft());
        if (!allowed) {
            judge.object(channel + " gets more than it allows, to " + name(request.to()));
        }
        for (String each : List.of("account", name(request.to()))) {
            Pause pause = pauses.get(each);
            if (pause != null && request.began().isAfter(pause.knownAt()) && now.isBefore(pause.until())) {
                judge.object(channel + " had asked for a pause of " + each + " from " + pause.knownAt() + " until "
                        + pause.until() + ", and gets something that left at " + request.began());
            }
        }
    }

    private List<Counter> counters(Peer peer) {
        return Counter.of(
                peer.kind() == Peer.Kind.DIRECT
                        ? kind.traits().pacing().direct()
                        : kind.traits().pacing().group());
    }

    private void answer(Request request, DeliveryOutcome outcome) {
        answerAt(timeline.now().plus(oneWay()), request, outcome);
    }

    private void answerAt(Instant when, Request request, DeliveryOutcome outcome) {
        timeline.at(when, request.hub(), () -> request.answer().accept(outcome));
    }

    private Duration oneWay() {
        return chance.between(plan.oneWay(), plan.oneWay().multipliedBy(2));
    }

    private static String name(Peer peer) {
        return peer.kind().word() + ":" + peer.id();
    }

    /** What the platforms of the simulation can do. */
    static Set<Capability> capabilities(boolean drafts) {
        return drafts
                ? Set.of(Capability.SEND, Capability.REPLIES, Capability.TYPING, Capability.DRAFTS)
                : Set.of(Capability.SEND, Capability.REPLIES);
    }
}
