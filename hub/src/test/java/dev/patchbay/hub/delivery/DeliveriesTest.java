package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Pacing;
import dev.patchbay.api.Peer;
import dev.patchbay.api.TextLimit;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.TestWorld;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.DedupKey;
import dev.patchbay.hub.store.DeliveryFilter;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.MemoryStore;
import dev.patchbay.hub.store.NewDelivery;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredDelivery;
import dev.patchbay.hub.store.TestStores;
import dev.patchbay.hub.store.TroubledDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveriesTest {
    private static final String DEAD_AFTER_THREE = "webhook";
    private static final RetryLater FAILURE = new RetryLater("500 from the callback", Duration.ZERO);

    @TempDir
    Path folder;

    private final TestWorld world = new TestWorld();
    private final ScriptedChannel channel = new ScriptedChannel();
    private DeliveryPolicy policy = new DeliveryPolicy(
            List.of(Duration.ofSeconds(5), Duration.ofSeconds(25)), 3, 100, false, Duration.ofDays(7), 0);
    private TextLimit limit = TextLimit.NONE;
    private @Nullable Pattern groupIds;
    private @Nullable Channel open = channel;
    private Store store;
    private Deliveries deliveries;

    @BeforeEach
    void start() throws Exception {
        store = TestStores.temporary(folder);
        deliveries = restarted();
    }

    @AfterEach
    void stop() throws Exception {
        world.settle();
        store.close();
    }

    @Test
    void aMessageIsDeliveredAndRememberedWithThePlatformsName() throws Exception {
        // When
        send("anna", "hello");

        // Then
        assertThat(channel.texts("anna")).containsExactly("hello");
        assertThat(only()).satisfies(stored -> {
            assertThat(stored.ref().state()).isEqualTo(DeliveryState.DELIVERED);
            assertThat(stored.ref().attempts()).isEqualTo(1);
            assertThat(stored.remoteIds()).containsExactly("r1");
        });
    }

    @Test
    void aFailedAttemptIsRepeatedAfterTheBackoffAndNotBefore() throws Exception {
        // Given
        channel.willAnswer("anna", FAILURE);
        send("anna", "hello");

        // When
        world.advance(Duration.ofMillis(4_999));
        int before = channel.taken().size();
        world.advance(Duration.ofMillis(1));

        // Then
        assertThat(before).isEqualTo(1);
        assertThat(channel.texts("anna")).containsExactly("hello", "hello");
        assertThat(only().ref().possiblyRepeated()).isFalse();
    }

    @Test
    void orderIsKeptAcrossRetriesAndOtherPeersGoOn() throws Exception {
        // Given
        channel.willAnswer("anna", FAILURE, FAILURE);
        send("anna", "1");
        send("anna", "2");
        send("ben", "3");
        List<String> benAtOnce = channel.texts("ben");

        // When
        world.advance(Duration.ofSeconds(31));

        // Then
        assertThat(benAtOnce).containsExactly("3");
        assertThat(channel.texts("anna")).containsExactly("1", "1", "1", "2");
    }

    @Test
    void afterItsAttemptsADeliveryIsADeadLetterWithTheTrueCountAndReason() throws Exception {
        // Given
        channel.willAnswer("anna", FAILURE, FAILURE, FAILURE);
        send("anna", "hello");

        // When
        world.advance(Duration.ofMinutes(10));

        // Then
        assertThat(only()).satisfies(stored -> {
            assertThat(stored.ref().state()).isEqualTo(DeliveryState.DEAD);
            assertThat(stored.ref().attempts()).isEqualTo(3);
            assertThat(stored.lastError()).isEqualTo("500 from the callback");
        });
    }

    @Test
    void aRefusalIsADeadLetterAtOnceAndTheNextMessageGoesOn() throws Exception {
        // Given
        channel.willAnswer("anna", new Refused("410 Gone"));

        // When
        send("anna", "1");
        send("anna", "2");

        // Then
        assertThat(channel.texts("anna")).containsExactly("1", "2");
        assertThat(state("1")).isEqualTo(DeliveryState.DEAD);
        assertThat(state("2")).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void aPlatformThatNamesAWaitIsObeyedEvenWhenOurOwnBackoffIsShorter() throws Exception {
        // Given
        channel.willAnswer("anna", new RetryLater("503", Duration.ofSeconds(60)));
        send("anna", "hello");

        // When
        world.advance(Duration.ofSeconds(59));
        int before = channel.taken().size();
        world.advance(Duration.ofSeconds(1));

        // Then
        assertThat(before).isEqualTo(1);
        assertThat(channel.taken()).hasSize(2);
    }

    @Test
    void aRepeatThatDidNotArriveIsStillARepeatTheNextTime() throws Exception {
        // Given
        channel.willAnswer(
                "anna", new Unknown("reset"), new Paced("429", Duration.ofSeconds(1), Paced.Scope.PEER), FAILURE);
        send("anna", "hello");

        // When
        world.advance(Duration.ofMinutes(1));

        // Then
        assertThat(channel.taken())
                .extracting(OutboundMessage::possiblyRepeated)
                .containsExactly(false, true, true, true);
        assertThat(only().ref().possiblyRepeated()).isTrue();
    }

    @Test
    void whatWasQueuedThoughTheStoreDeniedItGoesOutOnceWhenItIsQueuedAgain() throws Exception {
        // Given
        var disk = new TroubledDisk();
        store.close();
        store = new MemoryStore(world.clock(), disk);
        deliveries = restarted();
        disk.willDeny("enqueue");
        var key = new DedupKey("k", "", world.clock().instant().plus(Duration.ofDays(1)));
        Outbound message = Outbound.text("webhook", "default", Peer.direct("anna"), null, "hello", Optional.empty());
        assertThatThrownBy(() -> deliveries.send(message, Optional.of(key))).isInstanceOf(StoreException.class);

        // When
        deliveries.send(message, Optional.of(key));
        deliveries.send(message, Optional.of(key));
        world.advance(Duration.ofMinutes(1));

        // Then
        assertThat(channel.texts("anna")).containsExactly("hello");
        assertThat(only().ref().state()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void anOutcomeThatCouldNotBeStoredIsStoredBeforeTheHubStops() throws Exception {
        // Given
        var disk = new TroubledDisk();
        store.close();
        store = new MemoryStore(world.clock(), disk);
        deliveries = restarted();
        disk.willRefuse("attemptEnded");
        send("anna", "hello");

        // When
        boolean atRest = deliveries.drain(Duration.ofSeconds(1));

        // Then
        assertThat(atRest).isTrue();
        assertThat(only().ref().state()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void beingAskedToSlowDownIsNotAnAttempt() throws Exception {
        // Given
        var slower = new Paced("429", Duration.ofSeconds(1), Paced.Scope.PEER);
        channel.willAnswer("anna", slower, slower, slower, slower, slower);
        send("anna", "hello");

        // When
        world.advance(Duration.ofMillis(5_100));

        // Then
        assertThat(only().ref().state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(only().ref().attempts()).isEqualTo(1);
    }

    @Test
    void anAccountThatIsToldToWaitHoldsBackAllItsPeers() throws Exception {
        // Given
        channel.willAnswer("anna", new Paced("429", Duration.ofSeconds(30), Paced.Scope.ACCOUNT));
        send("anna", "1");

        // When
        send("ben", "2");
        world.advance(Duration.ofSeconds(30));
        List<String> benBefore = channel.texts("ben");
        world.advance(Duration.ofMillis(10));

        // Then
        assertThat(benBefore).isEmpty();
        assertThat(channel.texts("ben")).containsExactly("2");
        assertThat(channel.texts("anna")).containsExactly("1", "1");
    }

    @Test
    void anUnknownFateThatNobodyCanSettleIsSentAgainAndMarked() throws Exception {
        // Given
        channel.willAnswer("anna", new Unknown("reset"));
        send("anna", "hello");

        // When
        world.advance(Duration.ofSeconds(5));

        // Then
        assertThat(channel.taken())
                .extracting(OutboundMessage::possiblyRepeated)
                .containsExactly(false, true);
        assertThat(channel.asked()).isEqualTo(1);
        assertThat(only().ref().possiblyRepeated()).isTrue();
        assertThat(only().ref().attempts()).isEqualTo(2);
    }

    @Test
    void anUnknownFateThatThePlatformSettlesIsNotSentAgain() throws Exception {
        // Given
        channel.willAnswer("anna", new Unknown("reset"));
        channel.willReconcile(new Delivered("there"));
        send("anna", "hello");

        // When
        world.advance(Duration.ofSeconds(5));

        // Then
        assertThat(channel.taken()).hasSize(1);
        assertThat(only().ref().state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(only().remoteIds()).containsExactly("there");
        assertThat(only().ref().possiblyRepeated()).isFalse();
    }

    @Test
    void aMessageThatCertainlyDidNotArriveIsSentAgainWithoutAMark() throws Exception {
        // Given
        channel.willAnswer("anna", new Unknown("reset"));
        channel.willReconcile(new RetryLater("not there", Duration.ZERO));
        send("anna", "hello");

        // When
        world.advance(Duration.ofSeconds(5));

        // Then
        assertThat(channel.taken())
                .extracting(OutboundMessage::possiblyRepeated)
                .containsExactly(false, false);
        assertThat(only().ref().possiblyRepeated()).isFalse();
    }

    @Test
    void whatWasBeingSentWhenTheHubDiedIsMarkedAndNothingElseIs() throws Exception {
        // Given
        open = null;
        send("anna", "1");
        send("anna", "2");
        store.attemptStarted(id("1"), 1, world.clock().instant());
        open = channel;

        // When
        deliveries = restarted();
        world.settle();

        // Then
        assertThat(channel.texts("anna")).containsExactly("1", "2");
        assertThat(channel.taken())
                .extracting(OutboundMessage::possiblyRepeated)
                .containsExactly(true, false);
        assertThat(find("1").ref().attempts()).isEqualTo(2);
    }

    @Test
    void aLongTextGoesInPartsAndAFailedPartDoesNotRepeatTheOnesBefore() throws Exception {
        // Given
        limit = new TextLimit(16, TextLimit.Unit.UTF16);
        channel.willAnswer("anna", new Delivered("a"), FAILURE);
        send("anna", "one two three four five six");

        // When
        world.advance(Duration.ofSeconds(5));

        // Then
        assertThat(channel.taken()).extracting(OutboundMessage::part).containsExactly(1, 2, 2);
        assertThat(only().ref().state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(only().remoteIds()).hasSize(2).startsWith("a");
    }

    @Test
    void aMessageWaitsWhileItsAccountIsClosedAndGoesWhenItOpens() throws Exception {
        // Given
        open = null;
        send("anna", "hello");
        world.advance(Duration.ofMinutes(3));
        int before = channel.taken().size();

        // When
        open = channel;
        world.advance(Duration.ofSeconds(1));

        // Then
        assertThat(before).isZero();
        assertThat(channel.texts("anna")).containsExactly("hello");
        assertThat(only().ref().attempts()).isEqualTo(1);
    }

    @Test
    void whatIsTooOldIsNotSentEvenWhileTheAccountIsClosed() throws Exception {
        // Given
        open = null;
        deliveries.send(outbound("anna", "late", Optional.of(Duration.ofSeconds(2))), Optional.empty());

        // When
        world.advance(Duration.ofSeconds(3));
        open = channel;
        world.advance(Duration.ofSeconds(3));

        // Then
        assertThat(channel.taken()).isEmpty();
        assertThat(only().ref().state()).isEqualTo(DeliveryState.EXPIRED);
    }

    @Test
    void aFullQueueRefusesAndSaysWhatToDo() throws Exception {
        // Given
        policy = new DeliveryPolicy(policy.backoff(), 3, 1, false, policy.ttl(), 0);
        open = null;
        send("anna", "1");

        // Then
        assertThatThrownBy(() -> send("ben", "2"))
                .isInstanceOfSatisfying(DeliveryRefused.class, refused -> assertThat(refused.reason())
                        .isEqualTo(DeliveryRefused.Reason.FULL))
                .hasMessageContaining("queue-limit");
    }

    @Test
    void aFullQueueMayDropItsOldestAndSaysSo() throws Exception {
        // Given
        policy = new DeliveryPolicy(policy.backoff(), 3, 1, true, policy.ttl(), 0);
        open = null;
        send("anna", "1");

        // When
        send("ben", "2");

        // Then
        assertThat(state("1")).isEqualTo(DeliveryState.DISCARDED);
        assertThat(find("1").lastError()).isEqualTo("queue full");
        assertThat(state("2")).isEqualTo(DeliveryState.PENDING);
    }

    @Test
    void aDeadLetterThatIsRetriedGoesOnCounting() throws Exception {
        // Given
        channel.willAnswer("anna", new Refused("403"));
        send("anna", "hello");

        // When
        int moved = deliveries.retry(DeliveryFilter.ALL);
        world.settle();

        // Then
        assertThat(moved).isEqualTo(1);
        assertThat(only().ref().state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(only().ref().attempts()).isEqualTo(2);
    }

    @Test
    void aWaitingDeliveryThatIsRetriedIsDueNow() throws Exception {
        // Given
        channel.willAnswer("anna", FAILURE);
        send("anna", "hello");

        // When
        int moved = deliveries.retry(DeliveryFilter.ALL);
        world.settle();

        // Then
        assertThat(moved).isEqualTo(1);
        assertThat(channel.taken()).hasSize(2);
    }

    @Test
    void whatIsDiscardedIsNeverSentAndLetsTheNextOneGo() throws Exception {
        // Given
        channel.willAnswer("anna", FAILURE);
        send("anna", "1");
        send("anna", "2");

        // When
        int moved = deliveries.discard(new DeliveryFilter(
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(id("1"))));
        world.advance(Duration.ofSeconds(60));

        // Then
        assertThat(moved).isEqualTo(1);
        assertThat(channel.texts("anna")).containsExactly("1", "2");
        assertThat(state("1")).isEqualTo(DeliveryState.DISCARDED);
    }

    @Test
    void aDeliveryThatWasHandedInTwiceIsSentOnceAndHoldsBackNobody() throws Exception {
        // Given
        open = null;
        send("anna", "1");
        StoredDelivery stored = only();
        var row = new NewDelivery(
                stored.ref().deliveryId(),
                stored.ref().lane(),
                null,
                null,
                stored.body(),
                1,
                stored.ref().createdAt(),
                stored.ref().expiresAt());
        deliveries.stored(
                new Prepared(row, OutboundBody.fromJson(stored.body())),
                stored.ref().seq(),
                stored.ref().createdAt());
        send("anna", "2");

        // When
        open = channel;
        world.advance(Duration.ofSeconds(5));

        // Then
        assertThat(channel.texts("anna")).containsExactly("1", "2");
    }

    @Test
    void aDrainStartsNothingNewAndRepeatsNothing() throws Exception {
        // Given
        boolean quiet = deliveries.drain(Duration.ofSeconds(10));

        // When
        assertThatThrownBy(() -> send("anna", "hello")).isInstanceOf(DeliveryRefused.class);

        // Then
        assertThat(quiet).isTrue();
        assertThat(channel.taken()).isEmpty();
    }

    @Test
    void whatIsSentToAGroupByItsIdAloneGoesInTheLaneOfTheGroup() throws Exception {
        groupIds = Pattern.compile("-\\d+");

        send("-100", "hello");

        assertThat(only().ref().lane().peerKind()).isEqualTo("group");
    }

    @Test
    void anAccountThatOnlyTakesInRefusesToSend() {
        assertThatThrownBy(() -> deliveries.send(
                        new Outbound(
                                "mute",
                                "default",
                                Peer.direct("anna"),
                                null,
                                "x",
                                List.of(),
                                List.of(),
                                null,
                                null,
                                false,
                                Optional.empty(),
                                null,
                                null),
                        Optional.empty()))
                .isInstanceOfSatisfying(DeliveryRefused.class, refused -> assertThat(refused.reason())
                        .isEqualTo(DeliveryRefused.Reason.CANNOT_SEND));
    }

    private Deliveries restarted() throws Exception {
        var fresh = new Deliveries(
                store,
                outlets(),
                unused -> policy,
                Attachment::url,
                new Events(store, world.clock()),
                Meters.NONE,
                world.world());
        fresh.start();
        return fresh;
    }

    private Outlets outlets() {
        return new Outlets() {
            @Override
            public Optional<Traits> traits(String name, String accountId) {
                return switch (name) {
                    case DEAD_AFTER_THREE ->
                        Optional.of(new Traits(Set.of(Capability.SEND), limit, Pacing.NONE, groupIds));
                    case "mute" -> Optional.of(new Traits(Set.of(), limit));
                    default -> Optional.empty();
                };
            }

            @Override
            public Optional<Channel> open(String name, String accountId) {
                return Optional.ofNullable(open);
            }
        };
    }

    private void send(String peer, String text) throws Exception {
        deliveries.send(outbound(peer, text, Optional.empty()), Optional.empty());
        world.settle();
    }

    private static Outbound outbound(String peer, String text, Optional<Duration> ttl) {
        return new Outbound(
                DEAD_AFTER_THREE,
                "default",
                Peer.direct(peer),
                null,
                text,
                List.of(),
                List.of(),
                null,
                null,
                false,
                ttl,
                null,
                null);
    }

    private StoredDelivery only() throws Exception {
        List<StoredDelivery> all = all();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private List<StoredDelivery> all() throws Exception {
        return store.deliveries(DeliveryFilter.ALL, 100, Optional.empty()).items();
    }

    private StoredDelivery find(String text) throws Exception {
        for (StoredDelivery each : all()) {
            if (OutboundBody.fromJson(each.body()).text().equals(text)) {
                return each;
            }
        }
        throw new AssertionError("no delivery says " + text);
    }

    private String id(String text) throws Exception {
        return find(text).ref().deliveryId();
    }

    private DeliveryState state(String text) throws Exception {
        return find(text).ref().state();
    }
}
