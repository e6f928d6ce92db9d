package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import dev.patchbay.api.Draft;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.TextLimit;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.TestWorld;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.TestStores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShowingTest {
    private static final Showing.Left NOTHING_LEFT = new Showing.Left(Optional.empty());

    @TempDir
    Path folder;

    private final TestWorld world = new TestWorld();
    private final DraftingChannel channel = new DraftingChannel();
    private Set<Capability> capabilities = Set.of(Capability.SEND, Capability.TYPING, Capability.DRAFTS);
    private Store store;
    private Deliveries deliveries;

    /** A platform that shows drafts; remembers each call as one line. */
    private static final class DraftingChannel implements Channel {
        final List<String> calls = new CopyOnWriteArrayList<>();
        final ConcurrentLinkedQueue<DeliveryOutcome> outcomes = new ConcurrentLinkedQueue<>();

        @Override
        public DeliveryOutcome deliver(OutboundMessage message) {
            calls.add("deliver " + message.text() + " for " + message.draftId());
            return new Delivered("r");
        }

        @Override
        public void typing(Peer to, @Nullable String threadId) {
            calls.add("typing");
        }

        @Override
        public DeliveryOutcome draft(Draft draft) {
            calls.add("draft " + draft.text() + " of " + draft.remoteId());
            DeliveryOutcome next = outcomes.poll();
            return next == null ? new Delivered("r1") : next;
        }

        @Override
        public void retract(Draft draft) {
            calls.add("retract " + draft.remoteId());
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void start() throws Exception {
        store = TestStores.temporary(folder);
        var policy = new DeliveryPolicy(List.of(Duration.ofSeconds(5)), 3, 100, false, Duration.ofDays(7), 0);
        deliveries = new Deliveries(
                store,
                outlets(),
                unused -> policy,
                Attachment::url,
                new Events(store, world.clock()),
                Meters.NONE,
                world.world());
        deliveries.start();
    }

    @AfterEach
    void stop() throws Exception {
        world.settle();
        store.close();
    }

    @Test
    void aTurnThatIsOverAtOnceShowsNothing() throws Exception {
        // Given
        Showing showing = show(NOTHING_LEFT);
        showing.delta("hello");

        // When
        Showing.End end = showing.end();
        world.advance(Duration.ofSeconds(10));

        // Then
        assertThat(end).isEqualTo(Showing.End.OF_NOTHING);
        assertThat(channel.calls).isEmpty();
    }

    @Test
    void aLongTurnShowsTypingAndTheAnswerAsItGrowsOncePerSecondAtMost() throws Exception {
        // Given
        Showing showing = show(NOTHING_LEFT);

        // When
        world.advance(Duration.ofMillis(600));
        showing.delta("One");
        world.advance(Duration.ofMillis(1_050));
        showing.delta(" two");
        showing.delta(" three");
        world.advance(Duration.ofMillis(2_100));
        Showing.End end = showing.end();

        // Then
        assertThat(channel.calls).containsExactly("typing", "draft One of null", "draft One two three of r1");
        assertEnd(end, "r1", false, true);
        assertThat(store.note(Showing.NOTES, "m1")).contains("r1");
    }

    @Test
    void typingIsRepeatedAsLongAsTheAgentWorks() throws Exception {
        // Given
        Showing showing = show(NOTHING_LEFT);

        // When
        world.advance(Duration.ofSeconds(13));
        showing.end();

        // Then
        assertThat(channel.calls).containsExactly("typing", "typing", "typing");
    }

    @Test
    void aDraftNeverOvertakesWhatWaitsForThePeer() throws Exception {
        // Given
        channel.calls.clear();
        var waiting = new Outbound(
                "telegram",
                "closed",
                Peer.direct("anna"),
                null,
                "earlier",
                List.of(),
                List.of(),
                null,
                null,
                false,
                Optional.empty(),
                null,
                null);
        deliveries.send(waiting, Optional.empty());
        Showing showing = deliveries.show(waiting, "m1", NOTHING_LEFT);
        showing.delta("One");

        // When
        world.advance(Duration.ofSeconds(3));
        showing.end();

        // Then
        assertThat(channel.calls).isEmpty();
    }

    @Test
    void aDraftOfUnknownFateIsNeitherRepeatedNorForgotten() throws Exception {
        // Given
        channel.outcomes.add(new Unknown("reset"));
        Showing showing = show(NOTHING_LEFT);
        showing.delta("One");

        // When
        world.advance(Duration.ofMillis(600));
        showing.delta(" two");
        world.advance(Duration.ofSeconds(2));

        // Then
        assertEnd(showing.end(), null, true, true);
        assertThat(channel.calls).containsOnlyOnce("draft One of null").doesNotContain("draft One two of null");
        assertThat(store.note(Showing.NOTES, "m1")).contains("?");
    }

    @Test
    void aTurnThatIsRepeatedAfterACrashGoesOnWithTheSameDraft() throws Exception {
        // Given
        Showing showing = show(new Showing.Left(Optional.of("r7")));
        showing.delta("Again");

        // When
        world.advance(Duration.ofMillis(600));

        // Then
        assertThat(channel.calls).contains("draft Again of r7");
        assertEnd(showing.end(), "r7", false, true);
    }

    @Test
    void aTurnWhoseDraftWasCutOffWhileItLeftIsMarked() throws Exception {
        // Given
        Showing showing = show(new Showing.Left(Optional.of("?")));
        showing.delta("Again");

        // When
        world.advance(Duration.ofSeconds(2));

        // Then
        assertThat(channel.calls).containsExactly("typing");
        assertEnd(showing.end(), null, true, true);
    }

    @Test
    void aPlatformThatRefusesDraftsIsNotAskedAgainAndNothingIsUncertain() throws Exception {
        // Given
        channel.outcomes.add(new Refused("no drafts here"));
        Showing showing = show(NOTHING_LEFT);
        showing.delta("One");

        // When
        world.advance(Duration.ofSeconds(3));

        // Then
        assertThat(channel.calls).containsExactly("typing", "draft One of null");
        assertEnd(showing.end(), null, false, true);
        assertThat(store.note(Showing.NOTES, "m1")).isEmpty();
    }

    @Test
    void aDraftThatFailedForCertainIsTriedAgain() throws Exception {
        // Given
        channel.outcomes.add(new RetryLater("500", Duration.ZERO));
        Showing showing = show(NOTHING_LEFT);
        showing.delta("One");

        // When
        world.advance(Duration.ofSeconds(2));

        // Then
        assertThat(channel.calls).containsExactly("typing", "draft One of null", "draft One of null");
        assertThat(showing.end().draftId()).isEqualTo("r1");
    }

    @Test
    void aLongAnswerShowsItsFirstPart() throws Exception {
        // Given
        Showing showing = show(NOTHING_LEFT);
        showing.delta("word ".repeat(100));

        // When
        world.advance(Duration.ofSeconds(2));
        showing.end();

        // Then
        assertThat(channel.calls).hasSize(2);
        assertThat(channel.calls.getLast()).hasSizeLessThan(80).startsWith("draft word word");
    }

    @Test
    void anAnswerThatNeverComesTakesItsDraftAway() throws Exception {
        // Given
        Showing showing = show(NOTHING_LEFT);
        showing.delta("One");
        world.advance(Duration.ofMillis(600));
        showing.end();

        // When
        showing.retract();

        // Then
        assertThat(channel.calls).endsWith("retract r1");
    }

    @Test
    void theAnswerTakesTheDraftsPlaceNoSoonerThanAnotherDraftWould() throws Exception {
        // Given
        Showing showing = show(NOTHING_LEFT);
        showing.delta("One");
        world.advance(Duration.ofMillis(600));
        Showing.End end = showing.end();
        Prepared answer = deliveries.prepare(answer(end.draftId()));
        long seq = store.enqueue(answer.row(), Optional.empty()).seq();

        // When
        deliveries.stored(answer, seq, end.restsUntil());
        world.advance(Duration.ofMillis(900));

        // Then
        assertThat(channel.calls).containsExactly("typing", "draft One of null");
        world.advance(Duration.ofMillis(100));
        assertThat(channel.calls).endsWith("deliver One and all for r1");
    }

    @Test
    void aPlatformThatCanShowNothingIsLeftAlone() throws Exception {
        // Given
        capabilities = Set.of(Capability.SEND);

        // When
        Showing showing = show(NOTHING_LEFT);
        showing.delta("One");
        world.advance(Duration.ofSeconds(3));

        // Then
        assertThat(showing).isSameAs(Showing.NOTHING);
        assertThat(channel.calls).isEmpty();
    }

    private static void assertEnd(Showing.End end, @Nullable String draftId, boolean isUncertain, boolean isNoted) {
        assertThat(end).isEqualTo(new Showing.End(draftId, isUncertain, isNoted, end.restsUntil()));
    }

    private Showing show(Showing.Left left) {
        return deliveries.show(answer(null), "m1", left);
    }

    private static Outbound answer(@Nullable String draftId) {
        return new Outbound(
                "telegram",
                "default",
                Peer.direct("anna"),
                null,
                "One and all",
                List.of(),
                List.of(),
                null,
                draftId,
                false,
                Optional.empty(),
                null,
                null);
    }

    private Outlets outlets() {
        return new Outlets() {
            @Override
            public Optional<Traits> traits(String name, String accountId) {
                return Optional.of(new Traits(capabilities, new TextLimit(60, TextLimit.Unit.UTF16)));
            }

            @Override
            public Optional<Channel> open(String name, String accountId) {
                return accountId.equals("closed") ? Optional.empty() : Optional.of(channel);
            }
        };
    }
}
