package dev.patchbay.hub.store;

import static dev.patchbay.hub.store.Samples.NOON;
import static dev.patchbay.hub.store.Samples.delivery;
import static dev.patchbay.hub.store.Samples.end;
import static dev.patchbay.hub.store.Samples.key;
import static dev.patchbay.hub.store.Samples.message;
import static dev.patchbay.hub.store.Samples.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.hub.store.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * What every store promises. Extend it, say how yours is opened, and inherit the promises; those about single features stand in the
 * classes above.
 */
abstract class StoreContract extends TaskContract {
    @Test
    void linesAndEventsShareOneSequenceThatOnlyGrows() throws Exception {
        // Given
        assertThat(store.sequence()).isEqualTo(new SequenceRange(0, 0));
        long first = store.appendEvent("channel.failed", Map.of("channel", "webhook"), NOON);
        converse("m1", "anna");
        long last = store.appendEvent("delivery.dead", Map.of(), NOON);

        // When
        List<Happening> all = store.happenings(0, 10);

        // Then
        assertThat(all)
                .extracting(Happening::seq)
                .isSorted()
                .doesNotHaveDuplicates()
                .hasSize(4);
        assertThat(all.getFirst())
                .isEqualTo(new Happening.Event(first, "channel.failed", Map.of("channel", "webhook"), NOON));
        assertThat(all.get(1)).isInstanceOfSatisfying(Happening.Line.class, line -> assertThat(
                        line.line().content())
                .isEqualTo("question m1"));
        assertThat(store.happenings(0, 2)).isEqualTo(all.subList(0, 2));
        assertThat(store.happenings(all.get(1).seq(), 10)).isEqualTo(all.subList(2, 4));
        assertThat(store.sequence()).isEqualTo(new SequenceRange(0, last));
    }

    @Test
    void aSequenceNumberIsNeverUsedAgainEvenIfItsLineIsGone() throws Exception {
        // Given
        converse("m1", "anna");
        long last = store.sequence().last();
        store.deleteSession(session("anna"));

        // When
        reopen();

        // Then
        assertThat(store.appendEvent("x", Map.of(), NOON)).isGreaterThan(last);
    }

    @Test
    void whoeverReadsAlongNeverMissesASmallerNumberThatComesLater() throws Exception {
        // Given
        var seen = new ArrayList<Long>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writing = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String id = "m" + i;
                writing.add(threads.submit(() -> {
                    converse(id, "peer" + id);
                    return null;
                }));
            }

            // When
            while (seen.size() < 400) {
                long after = seen.isEmpty() ? 0 : seen.getLast();
                store.happenings(after, 50).forEach(each -> seen.add(each.seq()));
            }
            for (Future<?> each : writing) {
                each.get();
            }
        }

        // Then
        assertThat(store.happenings(0, 1_000)).extracting(Happening::seq).containsExactlyElementsOf(seen);
    }

    @Test
    void theLatestTableOfBindingsRulesUntilItIsReset() throws Exception {
        // Given
        assertThat(store.bindings()).isEmpty();
        store.saveBindings(Optional.of("[1]"), "ops", NOON);
        store.saveBindings(Optional.of("[2]"), "ops", NOON);

        // When
        reopen();

        // Then
        assertThat(store.bindings()).contains("[2]");

        // When
        store.saveBindings(Optional.empty(), "ops", NOON);

        // Then
        assertThat(store.bindings()).isEmpty();
    }

    @Test
    void pruningEndsWhatIsOverItsAgeAndNothingElse() throws Exception {
        // Given
        var retention = new Retention(Duration.ofDays(1), Duration.ofDays(30), Duration.ofDays(7));
        for (String id : List.of("open", "delivered", "dead", "discarded")) {
            store.enqueue(delivery(id), Optional.empty());
        }
        store.attemptEnded(end("delivered", DeliveryState.DELIVERED, 1, "delivered"));
        store.attemptEnded(end("dead", DeliveryState.DEAD, 1, "refused"));
        store.end(List.of("discarded"), DeliveryState.DISCARDED, "no", NOON);
        long old = store.appendEvent("old", Map.of(), NOON);
        store.appendEvent("young", Map.of(), NOON.plus(Duration.ofDays(9)));
        converse("m1", "anna");
        store.accept(message("key1", Optional.of(new DedupKey("short", "", NOON.plusSeconds(1)))));
        store.accept(message("key2", Optional.of(new DedupKey("long", "", NOON.plus(Duration.ofDays(99))))));

        // When
        pruneAll(retention, NOON.plus(Duration.ofDays(10)));

        // Then
        assertThat(found(DeliveryFilter.ALL)).containsExactly("dead", "open");
        assertThat(store.attempts("dead")).hasSize(1);
        assertThat(store.happenings(old, 10)).hasSize(3);
        assertThat(store.sequence().before()).isEqualTo(old);
        assertThat(store.accept(message("a", Optional.of(key("short", "")))).duplicate())
                .isFalse();
        assertThat(store.accept(message("b", Optional.of(key("long", "")))).duplicate())
                .isTrue();
        assertThat(counts())
                .containsExactlyInAnyOrder(
                        new DeliveryCount("webhook", "default", DeliveryState.PENDING, 1),
                        new DeliveryCount("webhook", "default", DeliveryState.DEAD, 1));

        // When
        pruneAll(retention, NOON.plus(Duration.ofDays(40)));

        // Then
        assertThat(found(DeliveryFilter.ALL)).containsExactly("open");
    }

    @Test
    void muchIsPrunedInManySteps() throws Exception {
        // Given
        together(3_000, i -> () -> store.appendEvent("old", Map.of(), NOON));

        // When
        int steps = pruneAll(
                new Retention(Duration.ZERO, Duration.ZERO, Duration.ofDays(1)), NOON.plus(Duration.ofDays(2)));

        // Then
        assertThat(steps).isGreaterThan(2);
        assertThat(store.happenings(0, 10)).isEmpty();
        assertThat(store.sequence().before()).isEqualTo(store.sequence().last());
    }

    @Test
    void aHealthyStoreSaysSo() throws Exception {
        // When
        store.probe();

        // Then
        StoreStatus status = store.status();
        assertThat(status.writable()).isTrue();
        assertThat(status.detail()).isEmpty();
        assertThat(status.damaged()).isZero();
        assertThat(status.bytes()).isPositive();
        assertThat(status.freeBytes()).isPositive();
    }

    @Test
    void aCursorOfSomebodyElseIsToldSo() {
        for (String garbage : List.of("", "x", "garbage!", "AAAAAAAAAAAAAAAAAA", "4242424242", "\u0000")) {
            assertThatThrownBy(() -> store.deliveries(DeliveryFilter.ALL, 10, Optional.of(garbage)))
                    .satisfies(isA(Kind.BAD_CURSOR));
            assertThatThrownBy(() -> store.sessions(SessionFilter.ALL, 10, Optional.of(garbage)))
                    .satisfies(isA(Kind.BAD_CURSOR));
            assertThatThrownBy(() -> store.history(session("anna"), 10, Optional.of(garbage)))
                    .satisfies(isA(Kind.BAD_CURSOR));
        }
    }

    @Test
    void aLimitOutsideOfOneToAThousandIsTakenAsTheNearest() throws Exception {
        // Given
        together(1_100, i -> () -> store.enqueue(delivery("d" + i), Optional.empty()));

        // Then
        assertThat(store.deliveries(DeliveryFilter.ALL, 5_000, Optional.empty()).items())
                .hasSize(1_000);
        assertThat(store.deliveries(DeliveryFilter.ALL, 0, Optional.empty()).items())
                .hasSize(1);
        assertThat(store.openDeliveries(0, 5_000)).hasSize(1_000);
    }

    @Test
    void anInterruptEndsTheWaitOnly() throws Exception {
        // Given
        Thread.currentThread().interrupt();

        // Then
        assertThatThrownBy(() -> store.accept(message("m1"))).isInstanceOf(InterruptedException.class);
        store.accept(message("m2"));
        assertThat(store.inbound("m2")).isPresent();
    }

    @Test
    void aClosedStoreRefusesAndClosingTwiceIsFine() {
        // Given
        store.close();

        // When
        store.close();

        // Then
        assertThatThrownBy(() -> store.accept(message("m1"))).satisfies(isA(Kind.UNAVAILABLE));
        assertThatThrownBy(() -> store.inbound("m1")).satisfies(isA(Kind.UNAVAILABLE));
    }

    @Test
    void whatWasSubmittedBeforeTheCloseIsStored() throws Exception {
        // Given
        var answers = new ArrayList<Future<Accepted>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 500; i++) {
                String id = "m" + i;
                answers.add(threads.submit(() -> store.accept(message(id))));
            }

            // When
            store.close();
        }

        // Then
        store = open();
        for (int i = 0; i < answers.size(); i++) {
            boolean acknowledged = answers.get(i).state() == Future.State.SUCCESS;
            assertThat(store.inbound("m" + i).isPresent()).isEqualTo(acknowledged);
        }
    }
}
