package dev.patchbay.bench;

import dev.patchbay.hub.lane.Lanes;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Jobs through lanes on virtual threads, spread over few and over many keys. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LanesBenchmark {
    private static final int JOBS = 10_000;

    @Param({"1", "100", "10000"})
    int keys;

    private ExecutorService threads;
    private Lanes<Integer> lanes;

    @Setup(Level.Trial)
    public void open() {
        threads = Executors.newVirtualThreadPerTaskExecutor();
        lanes = new Lanes<>(threads, JOBS);
    }

    @TearDown(Level.Trial)
    public void close() {
        threads.close();
    }

    @Benchmark
    @OperationsPerInvocation(JOBS)
    public void jobs() throws InterruptedException {
        var done = new CountDownLatch(JOBS);
        for (int i = 0; i < JOBS; i++) {
            lanes.submitAlways(i % keys, done::countDown);
        }
        done.await();
    }
}
