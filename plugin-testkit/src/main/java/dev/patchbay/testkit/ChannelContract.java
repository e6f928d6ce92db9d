package dev.patchbay.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.testkit.ChannelProbe.Arrival;
import dev.patchbay.testkit.ChannelProbe.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * What every channel that sends promises the hub. Extend it, say how your channel is opened against your fake of the platform
 * and how the far side is looked at. A channel that also takes messages in implements {@link TakesMessagesIn} besides.
 */
@Timeout(60)
public abstract class ChannelContract {
    private static final Duration CLOSE_MAX = Duration.ofSeconds(10);
    private static final Duration GIVE_UP_MAX = Duration.ofSeconds(5);

    /** Stands still at noon; move it if your channel looks at the time. */
    protected final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T12:00:00Z"));

    /** What the channel under test was opened with. */
    protected final RecordingHost host = new RecordingHost(clock);

    private Channel channel = new NoChannel();
    private boolean isClosed;

    /** Opens a channel that is connected with the {@link #farSide()}. Called once per test, after your own set-up. */
    protected abstract Channel openChannel(ChannelHost host) throws Exception;

    /** The platform's side; the same object throughout one test. */
    protected abstract ChannelProbe farSide();

    /** Somebody whom the channel can write to. */
    protected Peer anna() {
        return Peer.direct("1001");
    }

    /** Somebody else. */
    protected Peer ben() {
        return Peer.direct("1002");
    }

    @BeforeEach
    final void open() throws Exception {
        channel = openChannel(host);
    }

    @AfterEach
    final void closeAtTheEnd() {
        if (!isClosed) {
            channel.close();
        }
    }

    @Test
    final void aMessageArrivesOnceAndUnchanged() throws Exception {
        // Given
        String text = "Grüße, 你好, 🦊👩‍👩‍👧!\nSecond line: <b>&amp; \"quotes\" \\ {} *stars* _lines_";

        // When
        DeliveryOutcome outcome = channel.deliver(message("D1", anna(), text));

        // Then
        assertThat(outcome).isInstanceOf(Delivered.class);
        assertThat(farSide().arrivals().all()).extracting(Arrival::text).containsExactly(text);
        assertThat(farSide().arrivals().all()).extracting(Arrival::peer).containsExactly(anna().id());
    }

    @Test
    final void messagesArriveInTheOrderInWhichTheyWereHandedOver() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(channel.deliver(message("D" + i, anna(), "number " + i))).isInstanceOf(Delivered.class);
        }

        assertThat(farSide().arrivals().all())
                .extracting(Arrival::text)
                .containsExactlyElementsOf(Stream.iterate(0, i -> i + 1)
                        .limit(20)
                        .map(i -> "number " + i)
                        .toList());
    }

    @Test
    final void partsOfALongTextAreMessagesOfTheirOwn() throws Exception {
        // Given
        var first = part(1, "first half");
        var second = part(2, "second half");

        // When
        channel.deliver(first);
        channel.deliver(second);

        // Then
        assertThat(farSide().arrivals().all()).extracting(Arrival::text).containsExactly("first half", "second half");
        assertThat(farSide().arrivals().all().stream().map(Arrival::key).filter(key -> key != null))
                .doesNotHaveDuplicates();
    }

    @Test
    final void aRepeatCarriesTheKeyOfTheFirstAttempt() throws Exception {
        // Given
        var message = message("D1", anna(), "again");

        // When
        channel.deliver(message);
        channel.deliver(message);

        // Then: whether the platform shows it twice is its own business, the key is ours
        assertThat(farSide().arrivals().all().stream()
                        .map(arrival -> String.valueOf(arrival.key()))
                        .distinct())
                .hasSize(1);
    }

    @TestFactory
    final Stream<DynamicTest> eachTroubleHasItsOutcomeAndTheNextMessageGoesThrough() {
        return farSide().troubles().stream()
                .filter(trouble -> trouble != Trouble.TAKES_AND_STAYS_SILENT)
                .map(trouble -> dynamicTest(trouble.name(), () -> {
                    farSide().nextMeets(trouble);
                    assertThat(channel.deliver(message("T" + trouble, anna(), "in trouble")))
                            .isInstanceOf(outcomeOf(trouble));
                    assertThat(channel.deliver(message("N" + trouble, anna(), "afterwards")))
                            .isInstanceOf(Delivered.class);
                }));
    }

    @Test
    final void aPeerWhoseMessageHangsHoldsBackNobodyElse() throws Exception {
        if (!canHang()) {
            return;
        }
        // Given
        farSide().nextMeets(Trouble.TAKES_AND_STAYS_SILENT);
        Thread hanging = deliverOnItsOwn(message("D1", anna(), "hangs"));
        farSide().arrivals().await(1);

        // When
        DeliveryOutcome outcome = channel.deliver(message("D2", ben(), "goes through"));

        // Then
        assertThat(outcome).isInstanceOf(Delivered.class);
        hanging.interrupt();
        assertThat(hanging.join(GIVE_UP_MAX)).isTrue();
    }

    @Test
    final void anInterruptEndsADeliveryThatHangs() throws Exception {
        if (!canHang()) {
            return;
        }
        // Given
        farSide().nextMeets(Trouble.TAKES_AND_STAYS_SILENT);
        Thread hanging = deliverOnItsOwn(message("D1", anna(), "hangs"));
        farSide().arrivals().await(1);

        // When
        hanging.interrupt();

        // Then
        assertThat(hanging.join(GIVE_UP_MAX))
                .as("gave up within " + GIVE_UP_MAX)
                .isTrue();
        assertThat(channel.deliver(message("D2", anna(), "afterwards"))).isInstanceOf(Delivered.class);
    }

    @Test
    final void closingEndsWithinItsBoundEvenWhileADeliveryHangs() throws Exception {
        // Given
        if (canHang()) {
            farSide().nextMeets(Trouble.TAKES_AND_STAYS_SILENT);
            deliverOnItsOwn(message("D1", anna(), "hangs"));
            farSide().arrivals().await(1);
        }

        // When
        isClosed = true;
        Thread closing = Thread.ofVirtual().start(channel::close);

        // Then
        assertThat(closing.join(CLOSE_MAX)).as("closed within " + CLOSE_MAX).isTrue();
    }

    @Test
    final void nothingIsDeliveredAfterClosing() throws Exception {
        // Given
        isClosed = true;
        channel.close();

        // When
        Thread late = deliverOnItsOwn(message("D1", anna(), "too late"));

        // Then
        assertThat(late.join(CLOSE_MAX)).isTrue();
        assertThat(farSide().arrivals().all()).isEmpty();
    }

    /** The channel under test. */
    protected final Channel channel() {
        return channel;
    }

    private boolean canHang() {
        return farSide().troubles().contains(Trouble.TAKES_AND_STAYS_SILENT);
    }

    /** Outcome and exceptions do not matter to those who ask: what counts is that it ends. */
    private Thread deliverOnItsOwn(OutboundMessage message) {
        return Thread.ofVirtual().name("delivery-" + message.deliveryId()).start(() -> {
            try {
                channel.deliver(message);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException fault) {
                // The hub counts it as unknown and goes on; so does this test.
            }
        });
    }

    private OutboundMessage message(String id, Peer to, String text) {
        return OutboundMessage.of(id, to, text, clock.instant());
    }

    private OutboundMessage part(int part, String text) {
        return new OutboundMessage(
                "D1", anna(), null, text, part, 2, null, null, List.of(), List.of(), null, clock.instant(), false);
    }

    private static Class<? extends DeliveryOutcome> outcomeOf(Trouble trouble) {
        return switch (trouble) {
            case REFUSES -> Refused.class;
            case ASKS_TO_SLOW_DOWN -> Paced.class;
            case FAILS -> RetryLater.class;
            case TAKES_AND_HANGS_UP, TAKES_AND_STAYS_SILENT -> Unknown.class;
        };
    }

    /** Stands in until a test has opened its own. */
    private static final class NoChannel implements Channel {
        @Override
        public DeliveryOutcome deliver(OutboundMessage message) {
            throw new IllegalStateException("no channel was opened");
        }

        @Override
        public void close() {}
    }
}
