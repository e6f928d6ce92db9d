package dev.patchbay.hub.delivery;

import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import dev.patchbay.api.Draft;
import dev.patchbay.api.Peer;
import dev.patchbay.hub.failpoint.Place;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.store.LaneKey;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredNote;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows one turn on a platform that can. Looks once per second what there is to show; a turn that is over before the first look
 * shows nothing and costs nothing.
 *
 * <p>Before the first draft leaves, a note says so: after a crash the repeated turn goes on with the same draft, or knows that one
 * may stand there, instead of leaving half an answer beside the whole one.
 */
final class LiveShowing implements Showing {
    private static final Logger log = LoggerFactory.getLogger(LiveShowing.class);

    /** A draft left, and nobody knows its id. */
    private static final String SENT = "?";

    private static final Duration FIRST_LOOK = Duration.ofMillis(500);
    private static final Duration LOOKS = Duration.ofMillis(1_050);

    /** Platforms show typing for about five seconds. */
    private static final Duration TYPING_LASTS = Duration.ofSeconds(4);

    /** More is not shown before the answer is whole. */
    private static final int CHARS_MAX = 16_384;

    private final String messageId;
    private final LaneKey lane;
    private final @Nullable String replyTo;
    private final Outlets outlets;
    private final Outlets.Traits traits;
    private final Stages stages;
    private final Store store;
    private final World world;
    private final StringBuilder text = new StringBuilder();
    private String shown = "";
    private @Nullable String draftId;
    private boolean isUncertain;
    private boolean isNoted;
    private boolean drafts;
    private boolean ended;

    /** Open while nothing is being shown. */
    private CountDownLatch idle = new CountDownLatch(0);

    private Instant typed = Instant.MIN;
    private Instant restsUntil = Instant.EPOCH;

    /** Gives out lanes to show drafts in. */
    interface Stages {
        /** The lane for one draft, to be closed at once; empty if it is not the moment. */
        Optional<Stage> stage(LaneKey lane) throws InterruptedException;
    }

    /** Whom the turn answers. */
    record Audience(
            String messageId, LaneKey lane, @Nullable String replyTo) {}

    /**
     * Begins to look.
     *
     * @param left what an earlier turn of the same message has left
     * @param stages where drafts are shown
     */
    LiveShowing(
            Audience audience,
            Left left,
            Outlets outlets,
            Outlets.Traits traits,
            Stages stages,
            Store store,
            World world) {
        this.messageId = audience.messageId();
        this.lane = audience.lane();
        this.replyTo = audience.replyTo();
        this.outlets = outlets;
        this.traits = traits;
        this.stages = stages;
        this.store = store;
        this.world = world;
        isNoted = left.note().isPresent();
        isUncertain = left.note().filter(SENT::equals).isPresent();
        draftId = isUncertain ? null : left.note().orElse(null);
        drafts = traits.can(Capability.DRAFTS) && !isUncertain;
        lookIn(FIRST_LOOK);
    }

    @Override
    public synchronized void delta(String piece) {
        if (text.length() < CHARS_MAX) {
            text.append(piece);
        }
    }

    @Override
    public End end() throws InterruptedException {
        CountDownLatch last;
        synchronized (this) {
            ended = true;
            last = idle;
        }
        last.await();
        synchronized (this) {
            return new End(draftId, isUncertain, isNoted, restsUntil);
        }
    }

    @Override
    public void retract() throws InterruptedException {
        String id;
        synchronized (this) {
            id = draftId;
        }
        Optional<Channel> channel = outlets.open(lane.channel(), lane.accountId());
        if (id != null && channel.isPresent()) {
            world.failPoints().reach(Place.CHANNEL_BEFORE_COURTESY);
            channel.get().retract(new Draft(peer(), lane.threadId(), "", replyTo, id));
        }
    }

    private void lookIn(Duration wait) {
        world.alarm().at(world.clock().instant().plus(wait), () -> {
            synchronized (this) {
                if (ended) {
                    return;
                }
            }
            world.threads().execute(this::look);
        });
    }

    private void look() {
        synchronized (this) {
            if (ended) {
                return;
            }
            idle = new CountDownLatch(1);
        }
        try {
            show();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            stopDrafts();
        } catch (StoreException notNoted) {
            log.warn("Message {} shows no draft: {}", messageId, notNoted.getMessage());
            stopDrafts();
        } catch (RuntimeException | Error failure) {
            log.error("Message {} shows no draft any more", messageId, failure);
            broken();
        } finally {
            boolean again;
            synchronized (this) {
                idle.countDown();
                again = !ended;
            }
            if (again) {
                lookIn(LOOKS);
            }
        }
    }

    private void show() throws InterruptedException {
        Optional<Channel> open = outlets.open(lane.channel(), lane.accountId());
        if (open.isEmpty()) {
            return;
        }
        Channel channel = open.get();
        Instant now = world.clock().instant();
        if (traits.can(Capability.TYPING) && !now.isBefore(typed.plus(TYPING_LASTS))) {
            typed = now;
            world.failPoints().reach(Place.CHANNEL_BEFORE_COURTESY);
            channel.typing(peer(), lane.threadId());
        }
        String next = next();
        if (next != null) {
            Optional<Stage> stage = stages.stage(lane);
            if (stage.isPresent()) {
                try (Stage held = stage.get()) {
                    draft(held, channel, next);
                }
            }
        }
    }

    /** What to show now; null if there is nothing new. */
    private synchronized @Nullable String next() {
        if (!drafts || ended || text.isEmpty()) {
            return null;
        }
        List<String> parts = TextSplitter.split(text.toString(), traits.textLimit());
        String first = parts.isEmpty() ? "" : parts.getFirst();
        return first.isBlank() || first.equals(shown) ? null : first;
    }

    private void draft(Stage stage, Channel channel, String next) throws InterruptedException {
        if (draftId == null) {
            note(SENT);
        }
        DeliveryOutcome outcome = stage.show(channel, new Draft(peer(), lane.threadId(), next, replyTo, draftId));
        rest();
        switch (outcome) {
            case Delivered(String remoteId) -> {
                shown = next;
                if (draftId == null) {
                    keepId(remoteId);
                }
            }
            case Unknown(String reason) -> {
                // A change that is repeated does no harm; a first draft would stand there twice.
                if (draftId == null) {
                    log.info("The draft for message {} may have arrived: {}", messageId, reason);
                    setUncertain();
                }
            }
            case Refused(String reason) -> {
                log.info("Message {} shows no draft: {}", messageId, reason);
                forget();
                stopDrafts();
            }
            case RetryLater unused -> forget();
            case Paced unused -> {
                forget();
                stopDrafts();
            }
        }
    }

    private synchronized void rest() {
        restsUntil = world.clock().instant().plus(LOOKS);
    }

    private void keepId(String remoteId) throws InterruptedException {
        synchronized (this) {
            draftId = remoteId;
        }
        note(remoteId);
    }

    private synchronized void setUncertain() {
        isUncertain = true;
        drafts = false;
    }

    /** A first draft may have left: another one would stand beside it. */
    private synchronized void broken() {
        isUncertain |= isNoted && draftId == null;
        drafts = false;
    }

    private synchronized void stopDrafts() {
        drafts = false;
    }

    /** Nothing was shown for certain. */
    private void forget() throws InterruptedException {
        if (draftId == null) {
            note("");
        }
    }

    private void note(String value) throws InterruptedException {
        synchronized (this) {
            isNoted = true;
        }
        store.keep(new StoredNote(NOTES, messageId, value));
    }

    private Peer peer() {
        return new Peer(Peer.Kind.of(lane.peerKind()), lane.peerId());
    }
}
