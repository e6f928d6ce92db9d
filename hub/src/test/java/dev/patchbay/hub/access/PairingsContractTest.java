package dev.patchbay.hub.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Sender;
import dev.patchbay.api.Settings;
import dev.patchbay.api.TextLimit;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.delivery.DeliveryPolicy;
import dev.patchbay.hub.delivery.Outlets;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.event.HubEvent;
import dev.patchbay.hub.lane.TestWorld;
import dev.patchbay.hub.metrics.PrometheusMeters;
import dev.patchbay.hub.store.DeliveryFilter;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoredDelivery;
import dev.patchbay.hub.store.TestStores;
import dev.patchbay.hub.tenant.Visibility;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The door with pairing, on a real store and a real queue. */
@Timeout(60)
class PairingsContractTest {
    private static final Pairings.Account ACCOUNT = new Pairings.Account("telegram", "default");

    @TempDir
    Path folder;

    private final TestWorld world = new TestWorld();
    private PrometheusMeters meters = new PrometheusMeters();
    private int queueLimit = 1_000;
    private Store store;
    private Events events;
    private Pairings pairings;
    private Doorkeeper door;

    @BeforeEach
    void start() throws Exception {
        store = TestStores.temporary(folder, world.clock());
        events = new Events(store, world.clock());
        var policy = new DeliveryPolicy(List.of(Duration.ofSeconds(5)), 5, queueLimit, false, Duration.ofDays(7), 0);
        var deliveries =
                new Deliveries(store, outlets(), unused -> policy, Attachment::url, events, meters, world.world());
        deliveries.start();
        pairings = new Pairings(
                List.of(ACCOUNT, new Pairings.Account("telegram", "other")),
                new Pairings.Means(store, deliveries, events),
                world.clock(),
                new Random(3));
        door = new Doorkeeper(
                List.of(AccessRules.of("telegram", "default", Settings.EMPTY)),
                (channel, _) -> channel.equals("telegram"),
                pairings,
                meters);
    }

    @AfterEach
    void stop() throws Exception {
        world.settle();
        store.close();
    }

    @Test
    void aStrangerIsTurnedAwayWithACodeThatNamesWhomToAsk() throws Exception {
        // When
        boolean admitted = admits("42");

        // Then
        assertThat(admitted).isFalse();
        PairingRequest request = pairings.requests().getFirst();
        assertThat(request.code()).matches("[A-HJ-NP-Z2-9]{8}");
        assertThat(request.senderName()).isEqualTo("Eve");
        assertThat(request.expiresAt()).isEqualTo(request.askedAt().plus(Duration.ofHours(1)));
        assertThat(queued()).singleElement().asString().contains("patchbay pairing approve " + request.code());
        assertThat(meters.scrape()).contains("patchbay_inbound_total{channel=\"telegram\",result=\"turned_away\"} 1");
        assertThat(seen()).containsExactly("pairing.requested");
        assertThat(events.missed(0, 10, Visibility.WHOLE).events().toString()).doesNotContain(request.code());
    }

    @Test
    void aRepeatedMessageBringsNoSecondCodeEvenAfterARestart() throws Exception {
        // Given
        admits("42");
        String code = pairings.requests().getFirst().code();

        // When
        admits("42");
        restart();
        admits("42");

        // Then
        assertThat(pairings.requests()).extracting(PairingRequest::code).containsExactly(code);
        assertThat(queued()).hasSize(1);
    }

    @Test
    void anHourLaterThereIsANewCodeAndTheOldOneOpensNothing() throws Exception {
        // Given
        admits("42");
        String old = pairings.requests().getFirst().code();
        world.advance(Duration.ofHours(1));

        // When
        Optional<PairedPeer> late = pairings.approve(old, anywhere -> true);
        admits("42");

        // Then
        assertThat(late).isEmpty();
        assertThat(pairings.requests())
                .singleElement()
                .extracting(PairingRequest::code)
                .isNotEqualTo(old);
        assertThat(queued()).hasSize(2);
        assertThat(store.notes("access/telegram/default")).hasSize(1);
    }

    @Test
    void anApprovedPeerIsInForGoodAndIsTold() throws Exception {
        // Given
        admits("42");
        String code = pairings.requests().getFirst().code();

        // When
        Optional<PairedPeer> approved = pairings.approve(
                " " + code.substring(0, 4).toLowerCase(Locale.ROOT) + "-" + code.substring(4) + "\n", anywhere -> true);

        // Then
        assertThat(approved).map(PairedPeer::peerId).contains("42");
        assertThat(admits("42")).isTrue();
        assertThat(admits("43")).isFalse();
        assertThat(queued()).anySatisfy(text -> assertThat(text).contains("You are in"));
        assertThat(seen()).startsWith("pairing.requested", "pairing.approved");

        // When
        restart();

        // Then
        assertThat(admits("42")).isTrue();
        assertThat(pairings.paired()).isEqualTo(List.of(approved.orElseThrow()));
        assertThat(pairings.approve(code, anywhere -> true)).isEmpty();
    }

    @Test
    void anOpenCodeOutlivesARestart() throws Exception {
        // Given
        admits("42");
        String code = pairings.requests().getFirst().code();

        // When
        restart();

        // Then
        assertThat(pairings.approve(code, anywhere -> true)).isPresent();
        assertThat(admits("42")).isTrue();
    }

    @Test
    void aRevokedPeerIsAStrangerAgainAndMayAskAnew() throws Exception {
        // Given
        admits("42");
        pairings.approve(pairings.requests().getFirst().code(), anywhere -> true);

        // When
        boolean revoked = pairings.revoke(ACCOUNT, "42");

        // Then
        assertThat(revoked).isTrue();
        assertThat(pairings.revoke(ACCOUNT, "42")).isFalse();
        assertThat(pairings.revoke(new Pairings.Account("telegram", "nowhere"), "42"))
                .isFalse();
        restart();
        assertThat(admits("42")).isFalse();
        assertThat(pairings.requests()).hasSize(1);
    }

    @Test
    void afterAHundredStrangersTheRestHearsNothingUntilTheFirstCodesAreOver() throws Exception {
        // When
        for (int i = 0; i < 150; i++) {
            admits("s" + i);
        }

        // Then
        assertThat(pairings.requests()).hasSize(100);
        assertThat(queued()).hasSize(100);

        // When
        world.advance(Duration.ofMinutes(61));
        admits("s149");

        // Then
        assertThat(pairings.requests()).extracting(PairingRequest::peerId).containsExactly("s149");
    }

    @Test
    void manyMessagesOfOneStrangerAtOnceAreOneCode() throws Exception {
        // Given
        var go = new CountDownLatch(1);
        for (int i = 0; i < 50; i++) {
            world.execute(() -> {
                try {
                    go.await();
                    admits("42");
                } catch (Exception failed) {
                    throw new IllegalStateException(failed);
                }
            });
        }

        // When
        go.countDown();
        world.settle();

        // Then
        assertThat(pairings.requests()).hasSize(1);
        assertThat(queued()).hasSize(1);
    }

    @Test
    void aCodeThatFoundNoRoomInTheQueueIsSentWhenTheStrangerWritesAgain() throws Exception {
        // Given
        queueLimit = 1;
        restart();
        admits("41");
        admits("42");
        assertThat(queued()).hasSize(1);
        queueLimit = 10;
        restart();

        // When
        admits("42");

        // Then
        assertThat(queued()).hasSize(2);
    }

    @Test
    void aHostileNameAndALongIdDoNoHarm() throws Exception {
        // Given
        String id = "\u0001".repeat(1_024);
        var message = InboundMessage.from(Peer.direct(id), "hello")
                .sender(new Sender(id, "\u001b[31m" + "😀".repeat(1_000)))
                .build();

        // When
        door.admits("telegram", "default", message);
        restart();

        // Then
        PairingRequest request = pairings.requests().getFirst();
        assertThat(request.peerId()).isEqualTo(id);
        assertThat(request.senderName()).startsWith("[31m😀").doesNotContain("\u001b");
        assertThat(pairings.approve(request.code(), anywhere -> true)).isPresent();
        assertThat(door.admits("telegram", "default", message)).isTrue();
    }

    @Test
    void aChannelThatMeetsNoStrangersIsOpenAndAnAccountNobodyConfiguredIsClosed() throws Exception {
        var message = InboundMessage.from(Peer.direct("42"), "hello").build();
        assertThat(door.admits("webhook", "default", message)).isTrue();
        assertThat(door.admits("telegram", "nowhere", message)).isFalse();
        assertThat(queued()).isEmpty();
    }

    private boolean admits(String peer) throws InterruptedException {
        return door.admits(
                "telegram",
                "default",
                InboundMessage.from(Peer.direct(peer), "hello")
                        .sender(new Sender(peer, "Eve"))
                        .build());
    }

    private void restart() throws Exception {
        stop();
        // The chance of tests begins anew at each start: ids differ by their time only.
        world.advance(Duration.ofMillis(1));
        meters = new PrometheusMeters();
        start();
    }

    private List<String> queued() throws Exception {
        return store.deliveries(DeliveryFilter.ALL, 1_000, Optional.empty()).items().stream()
                .map(StoredDelivery::body)
                .map(body -> new String(body, StandardCharsets.UTF_8))
                .toList();
    }

    private List<String> seen() throws Exception {
        return events.missed(0, 10, Visibility.WHOLE).events().stream()
                .map(HubEvent::type)
                .toList();
    }

    private static Outlets outlets() {
        return new Outlets() {
            @Override
            public Optional<Traits> traits(String channel, String accountId) {
                return Optional.of(new Traits(Set.of(Capability.SEND), TextLimit.NONE));
            }

            @Override
            public Optional<Channel> open(String channel, String accountId) {
                return Optional.empty();
            }
        };
    }
}
