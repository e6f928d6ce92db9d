package dev.patchbay.hub.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LanesTest {
    /** Threads that run only when the test says so. */
    private final ArrayDeque<Runnable> started = new ArrayDeque<>();

    @Test
    void jobsOfOneKeyRunInTheOrderOfTheirComing() {
        // Given
        var lanes = new Lanes<String>(started::add, 10);
        var ran = new ArrayList<Integer>();
        lanes.submit("anna", () -> ran.add(1));
        lanes.submit("anna", () -> ran.add(2));
        lanes.submit("anna", () -> ran.add(3));

        // When
        runAll();

        // Then
        assertThat(ran).containsExactly(1, 2, 3);
    }

    @Test
    void aLaneHasOneThreadHoweverManyJobsWait() {
        // Given
        var lanes = new Lanes<String>(started::add, 10);

        // When
        lanes.submit("anna", () -> {});
        lanes.submit("anna", () -> {});
        lanes.submit("ben", () -> {});

        // Then
        assertThat(started).hasSize(2);
    }

    @Test
    void aJobCountsOnceBeforeItsThreadHasTakenItAndWhileItRuns() {
        // Given
        var lanes = new Lanes<String>(started::add, 10);
        var seen = new ArrayList<Integer>();
        lanes.submit("anna", () -> seen.add(lanes.depth("anna")));
        lanes.submit("anna", () -> seen.add(lanes.depth("anna")));
        seen.add(lanes.depth("anna"));

        // When
        runAll();

        // Then
        assertThat(seen).containsExactly(2, 2, 1);
    }

    @Test
    void aLaneIsGoneWhenItsWorkIsDone() {
        // Given
        var lanes = new Lanes<String>(started::add, 10);
        lanes.submit("anna", () -> {});

        // When
        runAll();

        // Then
        assertThat(lanes.active()).isZero();
        assertThat(lanes.depth("anna")).isZero();
    }

    @Test
    void aFullLaneRefusesAndOthersDoNot() {
        // Given
        var lanes = new Lanes<String>(started::add, 2);
        lanes.submit("anna", () -> {});
        lanes.submit("anna", () -> {});

        // When
        boolean third = lanes.submit("anna", () -> {});
        boolean other = lanes.submit("ben", () -> {});

        // Then
        assertThat(third).isFalse();
        assertThat(other).isTrue();
    }

    @Test
    void aJobThatFailsDoesNotEndItsLane() {
        // Given
        var lanes = new Lanes<String>(started::add, 10);
        var ran = new ArrayList<Integer>();
        lanes.submit("anna", () -> {
            throw new IllegalStateException("on purpose");
        });
        lanes.submit("anna", () -> ran.add(2));

        // When
        runAll();

        // Then
        assertThat(ran).containsExactly(2);
    }

    @Test
    void anInterruptedLaneStartsNothingMore() {
        // Given
        var lanes = new Lanes<String>(started::add, 10);
        var ran = new ArrayList<Integer>();
        lanes.submit("anna", () -> {
            throw new InterruptedException();
        });
        lanes.submit("anna", () -> ran.add(2));

        // When
        runAll();

        // Then
        assertThat(Thread.interrupted()).isTrue();
        assertThat(ran).isEmpty();
        assertThat(lanes.active()).isZero();
    }

    @Test
    void underLoadNoKeyOverlapsOrLosesItsOrder() throws Exception {
        // Given
        int keys = 200;
        int perKey = 200;
        Map<Integer, List<Integer>> ran = new ConcurrentHashMap<>();
        var inside = new ConcurrentHashMap<Integer, AtomicInteger>();
        var overlaps = new AtomicInteger();
        var done = new CountDownLatch(keys * perKey);

        // When
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var lanes = new Lanes<Integer>(threads, perKey);
            for (int i = 0; i < perKey; i++) {
                int number = i;
                for (int key = 0; key < keys; key++) {
                    int lane = key;
                    lanes.submit(lane, () -> {
                        var here = inside.computeIfAbsent(lane, unused -> new AtomicInteger());
                        if (here.incrementAndGet() != 1) {
                            overlaps.incrementAndGet();
                        }
                        ran.computeIfAbsent(lane, unused -> Collections.synchronizedList(new ArrayList<>()))
                                .add(number);
                        here.decrementAndGet();
                        done.countDown();
                    });
                }
            }
            assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        }

        // Then
        assertThat(overlaps).hasValue(0);
        assertThat(ran).hasSize(keys).allSatisfy((key, numbers) -> assertThat(numbers)
                .hasSize(perKey)
                .isSorted());
    }

    private void runAll() {
        while (!started.isEmpty()) {
            started.poll().run();
        }
    }
}
