package dev.patchbay.hub.store;

import static dev.patchbay.hub.store.Samples.NOON;
import static dev.patchbay.hub.store.Samples.message;
import static dev.patchbay.hub.store.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.store.StoreException.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What the parts of {@link StoreContract} share. */
@Timeout(60)
abstract class StoreFixture {
    protected Store store;

    /** Opens the store of this test; called again after a close, it finds what was stored before. */
    protected abstract Store open();

    @BeforeEach
    void openStore() {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    protected void reopen() {
        store.close();
        store = open();
    }

    protected void converse(String messageId, String peer) throws InterruptedException {
        store.accept(message(messageId));
        store.completeTurn(turn(messageId, peer));
    }

    protected int pruneAll(Retention retention, Instant now) throws InterruptedException {
        int steps = 1;
        while (store.prune(retention, now)) {
            steps++;
        }
        return steps;
    }

    protected List<String> found(DeliveryFilter filter) throws InterruptedException {
        return store.deliveries(filter, 100, Optional.empty()).items().stream()
                .map(each -> each.ref().deliveryId())
                .toList();
    }

    protected List<DeliveryCount> counts() throws InterruptedException {
        return store.deliveryCounts();
    }

    protected static List<String> peers(Page<StoredSession> page) {
        return page.items().stream().map(each -> each.identity().peerId()).toList();
    }

    protected static AttemptEnd part(int done, DeliveryState state) {
        return new AttemptEnd("d1", state, 1, done, "delivered", null, "r" + done, NOON, NOON, true);
    }

    protected static Consumer<Throwable> isA(Kind kind) {
        return thrown -> assertThat(thrown)
                .isInstanceOfSatisfying(StoreException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(kind));
    }

    protected static <R> List<R> together(int count, Function<Integer, Callable<R>> task) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<R>>();
            for (int i = 0; i < count; i++) {
                answers.add(threads.submit(task.apply(i)));
            }
            var results = new ArrayList<R>();
            for (Future<R> each : answers) {
                results.add(each.get());
            }
            return results;
        }
    }
}
