package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.TextLimit;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.NewDelivery;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredDelivery;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Messages on their way out. */
class DeliveriesTest extends DeliveryFixture {
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
    void theOldestAreSentWhileTheRestIsStillBeingRead() throws Exception {
        // Given more than a page, queued while the account was closed
        policy = new DeliveryPolicy(List.of(Duration.ofSeconds(5)), 3, 2_000, false, Duration.ofDays(7), 0);
        open = null;
        for (int i = 0; i < 1_100; i++) {
            deliveries.send(outbound("anna", Integer.toString(i), Optional.empty()), Optional.empty());
        }
        deliveries.drain(Duration.ZERO);
        world.settle();
        open = channel;

        // When a restart can read on only after something was sent
        var sent = new CountDownLatch(1);
        channel.willTell(sent::countDown);
        restarted((Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (unused, method, arguments) -> {
                    boolean isFurther = method.getName().equals("openDeliveries") && !arguments[0].equals(0L);
                    if (isFurther && !sent.await(30, TimeUnit.SECONDS)) {
                        throw new StoreException(StoreException.Kind.UNAVAILABLE, "nothing was sent");
                    }
                    return method.invoke(store, arguments);
                }));
        world.settle();

        // Then
        assertThat(channel.texts("anna"))
                .containsExactlyElementsOf(
                        IntStream.range(0, 1_100).mapToObj(Integer::toString).toList());
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
}
