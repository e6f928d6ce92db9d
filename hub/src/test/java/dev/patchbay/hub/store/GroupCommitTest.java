package dev.patchbay.hub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.StoreWrite;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.StoreException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GroupCommitTest {
    private final Scripted script = new Scripted();
    private final AtomicReference<@Nullable StoreException> noRoom = new AtomicReference<>();
    private final GroupCommit<List<String>> commits =
            new GroupCommit<>(script, noRoom::get, Meters.NONE, 256, FailPoints.NONE);
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    /** Transactions on a list, which fail as they are told. */
    private static final class Scripted implements GroupCommit.Transactions<List<String>> {
        final List<String> durable = new ArrayList<>();
        final List<Integer> batches = new ArrayList<>();
        final CountDownLatch mayCommit = new CountDownLatch(1);
        volatile boolean slow;
        volatile @Nullable Exception atCommit;
        volatile boolean happenedAnyway;
        final AtomicInteger recoveriesToFail = new AtomicInteger();
        private List<String> open = new ArrayList<>();
        private int saved;

        @Override
        public List<String> begin() {
            open = new ArrayList<>();
            return open;
        }

        @Override
        public void savepoint() {
            saved = open.size();
        }

        @Override
        public void undo() {
            open.subList(saved, open.size()).clear();
        }

        @Override
        public void rollback() {
            open.clear();
        }

        @Override
        public void commit(StoreWrite.Way way) throws Exception {
            if (slow) {
                mayCommit.await();
            }
            Exception failure = atCommit;
            if (failure != null) {
                if (happenedAnyway) {
                    durable.addAll(open);
                }
                throw failure;
            }
            durable.addAll(open);
            batches.add(open.size());
        }

        @Override
        public @Nullable StoreException blame(Throwable failure) {
            return failure instanceof StoreException refused ? refused : null;
        }

        @Override
        public StoreException explain(Throwable failure) {
            return new StoreException(Kind.UNAVAILABLE, "scripted", failure);
        }

        @Override
        public boolean recover() throws Exception {
            if (recoveriesToFail.getAndDecrement() > 0) {
                throw new IOException("still down");
            }
            atCommit = null;
            return happenedAnyway;
        }
    }

    @AfterEach
    void close() {
        script.mayCommit.countDown();
        commits.close();
        callers.close();
    }

    @Test
    void nobodyIsToldBeforeTheCommitIsOver() throws Exception {
        // Given
        script.slow = true;
        Future<String> caller = write("a");

        // When
        boolean toldEarly = caller.isDone();
        script.mayCommit.countDown();

        // Then
        assertThat(toldEarly).isFalse();
        assertThat(caller.get()).isEqualTo("a");
        assertThat(script.durable).containsExactly("a");
    }

    @Test
    void whatBrokeBeforeItsCommitIsNeverToldAsStored() throws Exception {
        // Given
        script.happenedAnyway = true;

        // When
        var refused = catchThrowableOfType(
                StoreException.class,
                () -> commits.submit(StoreWrite.ACCEPT, true, transaction -> {
                    throw new IOException("the disk is gone");
                }));

        // Then
        assertThat(refused.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(script.durable).isEmpty();
    }

    @Test
    void writesThatWaitTogetherShareACommit() throws Exception {
        // Given
        script.slow = true;
        var waiting = new ArrayList<Future<String>>();
        for (int i = 0; i < 100; i++) {
            waiting.add(write("w" + i));
        }

        // When
        script.mayCommit.countDown();
        for (Future<String> each : waiting) {
            each.get();
        }

        // Then
        assertThat(script.durable).hasSize(100);
        assertThat(script.batches).hasSizeLessThan(100);
    }

    @Test
    void aBadWriteFailsAloneAndLeavesNoTrace() throws Exception {
        // Given
        script.slow = true;
        Future<String> first = write("first");
        Future<String> bad = callers.submit(() -> commits.submit(StoreWrite.ACCEPT, true, open -> {
            open.add("half");
            throw new StoreException(Kind.CONFLICT, "bad");
        }));
        Future<String> good = write("good");

        // When
        script.mayCommit.countDown();

        // Then
        assertThat(first.get()).isEqualTo("first");
        assertThat(good.get()).isEqualTo("good");
        assertThat(kind(bad)).isEqualTo(Kind.CONFLICT);
        assertThat(script.durable).containsExactlyInAnyOrder("first", "good");
    }

    @Test
    void aCommitThatFailedIsToldToAllAndTheNextOneWorks() throws Exception {
        // Given
        script.atCommit = new IOException("broken");

        // When
        Future<String> failed = write("lost");

        // Then
        assertThat(kind(failed)).isEqualTo(Kind.UNAVAILABLE);
        assertThat(write("next").get()).isEqualTo("next");
        assertThat(script.durable).containsExactly("next");
        assertThat(commits.trouble()).isNull();
    }

    @Test
    void aCommitThatSeemedToFailButIsOnDiskIsASuccess() throws Exception {
        // Given
        script.happenedAnyway = true;
        script.atCommit = new IOException("broken after the write");

        // When
        Future<String> caller = write("there");

        // Then
        assertThat(caller.get()).isEqualTo("there");
    }

    @Test
    void whileItIsDownWritesFailAtOnceAndItComesBackByItself() throws Exception {
        // Given
        script.recoveriesToFail.set(2);
        script.atCommit = new IOException("broken");
        assertThat(kind(write("first"))).isEqualTo(Kind.UNAVAILABLE);

        // When
        StoreException trouble = commits.trouble();
        while (commits.trouble() != null) {
            Thread.onSpinWait();
        }

        // Then
        assertThat(trouble).isNotNull();
        assertThat(write("after").get()).isEqualTo("after");
    }

    @Test
    void withoutRoomOnlyWritesThatAddNothingPass() throws Exception {
        // Given
        noRoom.set(new StoreException(Kind.NO_ROOM, "full"));

        // When
        Future<String> adding = write("adding");
        Future<String> ending = callers.submit(() -> commits.submit(StoreWrite.ACCEPT, false, open -> {
            open.add("ending");
            return "ending";
        }));

        // Then
        assertThat(kind(adding)).isEqualTo(Kind.NO_ROOM);
        assertThat(ending.get()).isEqualTo("ending");
    }

    @Test
    void anInterruptedCallerLeavesAndTheOthersGoOn() throws Exception {
        // Given
        script.slow = true;
        Future<String> impatient = write("impatient");
        Future<String> patient = write("patient");

        // When
        impatient.cancel(true);
        script.mayCommit.countDown();

        // Then
        assertThat(patient.get()).isEqualTo("patient");
        assertThat(write("later").get()).isEqualTo("later");
    }

    @Test
    void aWriteThatHasBegunIsWaitedForAndTheInterruptStays() throws Exception {
        // Given
        script.slow = true;
        var isInterrupted = new AtomicReference<>(false);
        var result = new AtomicReference<>("");
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                result.set(commits.submit(StoreWrite.ACCEPT, true, open -> "written"));
                isInterrupted.set(Thread.currentThread().isInterrupted());
            } catch (InterruptedException left) {
                result.set("left");
            }
        });
        while (commits.commits().begun() == 0) {
            Thread.onSpinWait();
        }

        // When
        caller.interrupt();
        boolean leftEarly = caller.join(Duration.ofMillis(50));
        caller.interrupt();
        script.mayCommit.countDown();
        caller.join();

        // Then
        assertThat(leftEarly).isFalse();
        assertThat(result).hasValue("written");
        assertThat(isInterrupted).hasValue(true);
    }

    @Test
    void whoReadsWhatIsBeingCommittedWaitsUntilItIsOnDisk() throws Exception {
        // Given
        script.slow = true;
        Future<String> writing = write("a");
        while (commits.commits().begun() == 0) {
            Thread.onSpinWait();
        }
        long seen = commits.commits().begun();

        // When
        Future<List<String>> reading = callers.submit(() -> {
            commits.commits().await(seen, Duration.ofSeconds(20));
            return List.copyOf(script.durable);
        });
        boolean early = reading.isDone();
        script.mayCommit.countDown();

        // Then
        assertThat(early).isFalse();
        assertThat(reading.get()).containsExactly("a");
        assertThat(writing.get()).isEqualTo("a");
    }

    @Test
    void afterTheCloseEverythingIsRefused() {
        // Given
        commits.close();

        // When
        ThrowingCallable act = () -> commits.submit(StoreWrite.ACCEPT, true, open -> "never");

        // Then
        assertThatThrownBy(act).isInstanceOfSatisfying(StoreException.class, refused -> assertThat(refused.kind())
                .isEqualTo(Kind.UNAVAILABLE));
    }

    private Future<String> write(String what) {
        return callers.submit(() -> commits.submit(StoreWrite.ACCEPT, true, open -> {
            open.add(what);
            return what;
        }));
    }

    private static Kind kind(Future<?> failed) throws InterruptedException {
        try {
            failed.get();
            throw new AssertionError("it did not fail");
        } catch (ExecutionException failure) {
            return ((StoreException) Objects.requireNonNull(failure.getCause())).kind();
        }
    }
}
