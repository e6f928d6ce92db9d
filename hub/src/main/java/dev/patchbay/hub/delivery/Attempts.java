package dev.patchbay.hub.delivery;

import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.AttemptEnd;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.LaneKey;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredDelivery;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one delivery one attempt further: writes down that it begins, hands the parts to the channel, writes down how it ended.
 * Called by the thread of the delivery's lane.
 */
final class Attempts {
    private static final Logger log = LoggerFactory.getLogger(Attempts.class);
    private static final String DELIVERED = "delivered";

    private final Store store;
    private final Function<String, DeliveryPolicy> policies;
    private final Pacer pacer;
    private final Events events;
    private final Meters meters;
    private final Clock clock;
    private final RandomGenerator random;
    private final FailPoints failPoints;

    /** What comes after an attempt. */
    sealed interface Next {
        /** Delivered, dead, or set aside. */
        record Over() implements Next {}

        record Again(Instant notBefore) implements Next {}
    }

    /** Who is told what became of attempts. */
    record Report(Events events, Meters meters) {}

    Attempts(Store store, Function<String, DeliveryPolicy> policies, Pacer pacer, Report report, World world) {
        this.store = store;
        this.policies = policies;
        this.pacer = pacer;
        this.events = report.events();
        this.meters = report.meters();
        this.clock = world.clock();
        this.random = world.random();
        this.failPoints = world.failPoints();
    }

    /**
     * Makes one attempt.
     *
     * @throws StoreException if something could not be written: call again, nothing is sent before it is made up for
     */
    Next run(QueuedDelivery delivery, Channel channel) throws InterruptedException {
        if (delivery.unsaved != null) {
            return save(delivery, delivery.unsaved);
        }
        Optional<StoredDelivery> stored = read(delivery);
        if (stored.isEmpty() && delivery.body == null) {
            // Set aside by the store because it is damaged: counted and shown there, and no reason to hold back the
            // lane.
            log.error("Delivery {} cannot be read and is left out", delivery.id);
            return new Next.Over();
        }
        Letter letter = letter(delivery, stored);
        if (delivery.uncertain) {
            Next settled = reconcile(delivery, channel, letter);
            if (settled != null) {
                return settled;
            }
        }
        boolean repeat = delivery.uncertain;
        // The mark is there before the peer can see anything twice.
        store.attemptStarted(delivery.id, delivery.attempts + 1, delivery.repeated || repeat, clock.instant());
        delivery.attempts++;
        // Until the channel has answered nobody knows: an interrupt or a crash from here on leaves the mark.
        delivery.uncertain = true;
        while (true) {
            Optional<Instant> pause = pacer.pausedUntil(delivery.lane);
            if (pause.isPresent()) {
                // Asked for while the beginning of the attempt was being written.
                delivery.uncertain = repeat;
                return save(delivery, held(delivery, pause.get()));
            }
            if (repeat) {
                delivery.repeated = true;
                meters.outbound(delivery.lane.channel(), "possibly_repeated");
            }
            Instant began = pacer.sends(delivery.lane);
            failPoints.reach(Place.CHANNEL_BEFORE_DELIVER);
            DeliveryOutcome outcome = channel.deliver(letter.part(delivery, repeat));
            pacer.sent(delivery.lane, began, outcome);
            pacer.learn(delivery.lane, began, outcome, policies.apply(delivery.lane.channel()));
            failPoints.reach(Place.CHANNEL_AFTER_DELIVER);
            delivery.uncertain = switch (outcome) {
                case Unknown nobodyKnows -> true;
                case Delivered itIsThere -> false;
                // This one has not arrived; what was uncertain about an earlier one still is.
                case RetryLater notThis -> repeat;
                case Paced notThis -> repeat;
                case Refused notThis -> repeat;
            };
            AttemptEnd end = judge(delivery, outcome);
            Next next = save(delivery, end);
            if (end.state() != DeliveryState.SENDING) {
                return next;
            }
            delivery.uncertain = true;
            repeat = false;
        }
    }

    /** Asks the channel what became of the last try; null if it has to be sent (again). */
    private @Nullable Next reconcile(QueuedDelivery delivery, Channel channel, Letter letter)
            throws InterruptedException {
        failPoints.reach(Place.CHANNEL_BEFORE_RECONCILE);
        DeliveryOutcome fate = channel.reconcile(letter.part(delivery, true));
        failPoints.reach(Place.CHANNEL_AFTER_RECONCILE);
        switch (fate) {
            case Delivered delivered -> {
                delivery.uncertain = false;
                AttemptEnd end = judge(delivery, delivered);
                Next next = save(delivery, end);
                return end.state() == DeliveryState.DELIVERED ? next : null;
            }
            case RetryLater certainlyNot -> {
                delivery.uncertain = false;
                return null;
            }
            case Paced paced -> {
                Instant now = clock.instant();
                pacer.obey(delivery.lane, now, paced);
                return new Next.Again(Pacer.end(now, paced));
            }
            case Refused nobodyKnows -> {
                return null;
            }
            case Unknown nobodyKnows -> {
                return null;
            }
        }
    }

    private AttemptEnd judge(QueuedDelivery delivery, DeliveryOutcome outcome) {
        DeliveryPolicy policy = policies.apply(delivery.lane.channel());
        Instant now = clock.instant();
        return switch (outcome) {
            case Delivered(String remoteId) -> {
                int done = delivery.partsDone + 1;
                if (done == delivery.parts) {
                    yield end(
                            delivery, DeliveryState.DELIVERED, delivery.attempts, done, DELIVERED, null, remoteId, now);
                }
                // Where sends are counted each part waits for its turn, and nothing is under way meanwhile.
                yield pacer.isPaced(delivery.lane)
                        ? end(
                                delivery,
                                DeliveryState.PENDING,
                                delivery.attempts - 1,
                                done,
                                DELIVERED,
                                null,
                                remoteId,
                                now)
                        : end(delivery, DeliveryState.SENDING, delivery.attempts, done, DELIVERED, null, remoteId, now);
            }
            case Refused(String reason) -> fail(delivery, DeliveryState.DEAD, "refused", reason, now);
            case RetryLater(String reason, Duration asked) ->
                again(delivery, policy, "retry_later", reason, asked, now);
            case Unknown(String reason) -> again(delivery, policy, "unknown", reason, Duration.ZERO, now);
            case Paced paced ->
                end(
                        delivery,
                        DeliveryState.PENDING,
                        delivery.attempts - 1,
                        delivery.partsDone,
                        paced.scope() == Paced.Scope.ACCOUNT ? "paced_account" : "paced",
                        paced.reason(),
                        null,
                        Pacer.end(now, paced));
        };
    }

    private AttemptEnd held(QueuedDelivery delivery, Instant until) {
        return end(
                delivery,
                DeliveryState.PENDING,
                delivery.attempts - 1,
                delivery.partsDone,
                "paced",
                "the platform has asked for a pause",
                null,
                until);
    }

    private AttemptEnd again(
            QueuedDelivery delivery,
            DeliveryPolicy policy,
            String outcome,
            String reason,
            Duration asked,
            Instant now) {
        if (delivery.attempts >= policy.attempts()) {
            return fail(delivery, DeliveryState.DEAD, outcome, reason, now);
        }
        Instant next = now.plus(policy.pauseAfter(delivery.attempts, asked, random));
        return end(delivery, DeliveryState.PENDING, delivery.attempts, delivery.partsDone, outcome, reason, null, next);
    }

    private AttemptEnd fail(QueuedDelivery delivery, DeliveryState state, String outcome, String reason, Instant now) {
        return end(delivery, state, delivery.attempts, delivery.partsDone, outcome, reason, null, now);
    }

    private AttemptEnd end(
            QueuedDelivery delivery,
            DeliveryState state,
            int attempts,
            int partsDone,
            String outcome,
            @Nullable String reason,
            @Nullable String remoteId,
            Instant next) {
        // A delivery whose last try may have arrived carries the mark as soon as it is going to be sent again.
        boolean mark = delivery.repeated || (delivery.uncertain && state == DeliveryState.PENDING);
        return new AttemptEnd(
                delivery.id, state, attempts, partsDone, outcome, reason, remoteId, clock.instant(), next, mark);
    }

    /** The last chance to write down what became of attempts; false if the store still does not take it. */
    boolean saveAll(List<QueuedDelivery> deliveries) throws InterruptedException {
        try {
            for (QueuedDelivery each : deliveries) {
                save(each, Objects.requireNonNull(each.unsaved));
            }
            return true;
        } catch (StoreException notStored) {
            log.warn("The outcome of {} attempts is not stored: {}", deliveries.size(), notStored.getMessage());
            return false;
        }
    }

    private Next save(QueuedDelivery delivery, AttemptEnd end) throws InterruptedException {
        delivery.unsaved = end;
        store.attemptEnded(end);
        delivery.unsaved = null;
        delivery.attempts = end.attempts();
        delivery.partsDone = end.partsDone();
        report(delivery, end);
        return switch (end.state()) {
            case PENDING -> new Next.Again(end.nextAttemptAt());
            // More parts are left; when this is an outcome that was stored late, they start a new attempt.
            case SENDING -> new Next.Again(end.at());
            case DELIVERED, DEAD, EXPIRED, DISCARDED -> new Next.Over();
        };
    }

    private void report(QueuedDelivery delivery, AttemptEnd end) throws InterruptedException {
        String channel = delivery.lane.channel();
        boolean isOnePart = end.outcome().equals(DELIVERED) && end.state() != DeliveryState.DELIVERED;
        if (!isOnePart) {
            meters.outbound(channel, end.outcome());
        }
        switch (end.state()) {
            case DELIVERED -> meters.delivered(channel, Duration.between(delivery.createdAt, end.at()));
            case DEAD -> {
                log.warn(
                        "Delivery {} of channel {} is a dead letter after {} attempts: {}",
                        delivery.id,
                        channel,
                        end.attempts(),
                        end.reason());
                events.record(
                        "delivery.dead",
                        Map.of(
                                "delivery_id", delivery.id,
                                "channel", channel,
                                "account_id", delivery.lane.accountId(),
                                "to", delivery.lane.peerId(),
                                "error", String.valueOf(end.reason())));
            }
            default -> {}
        }
    }

    private Optional<StoredDelivery> read(QueuedDelivery delivery) throws InterruptedException {
        if (delivery.body != null) {
            return Optional.empty();
        }
        try {
            return store.delivery(delivery.id);
        } catch (StoreException damaged) {
            if (damaged.kind() == StoreException.Kind.DAMAGED) {
                return Optional.empty();
            }
            throw damaged;
        }
    }

    private Letter letter(QueuedDelivery delivery, Optional<StoredDelivery> stored) {
        try {
            OutboundBody body = delivery.body != null
                    ? delivery.body
                    : OutboundBody.fromJson(stored.orElseThrow().body());
            List<String> parts = body.parts();
            delivery.parts = parts.size();
            String session = stored.map(StoredDelivery::sessionKey).orElse(delivery.sessionKey);
            return new Letter(body, parts, session);
        } catch (IOException unreadable) {
            throw new IllegalStateException("the body of delivery " + delivery.id + " is no JSON", unreadable);
        }
    }

    /** A delivery's content, ready to be cut into messages for the channel. */
    private record Letter(
            OutboundBody body, List<String> parts, @Nullable String sessionKey) {

        OutboundMessage part(QueuedDelivery delivery, boolean repeat) {
            LaneKey lane = delivery.lane;
            int index = delivery.partsDone;
            boolean last = index == parts.size() - 1;
            return new OutboundMessage(
                    delivery.id,
                    new Peer(Peer.Kind.of(lane.peerKind()), lane.peerId()),
                    lane.threadId(),
                    parts.get(index),
                    index + 1,
                    parts.size(),
                    body.replyTo(),
                    sessionKey,
                    last ? body.attachments() : List.of(),
                    last ? body.buttons() : List.of(),
                    index == 0 ? body.draftId() : null,
                    delivery.createdAt,
                    repeat);
        }
    }
}
