package dev.patchbay.bench;

import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.H2Store;
import dev.patchbay.hub.store.NewInbound;
import dev.patchbay.hub.store.NewLine;
import dev.patchbay.hub.store.SessionIdentity;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreOptions;
import dev.patchbay.hub.store.TurnEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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

/**
 * How many durable walks (accept, then the end of the turn with two lines) the store does per second, and beside it, in the same run,
 * what the disk allows: appending the same bytes and forcing them. {@code bench/run StoreBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 3, time = 10)
@Fork(value = 1, jvmArgsAppend = "-Xmx512m")
public class StoreBenchmark {
    private static final int WALKS = 8_192;
    private static final int BODY_BYTES = 300;

    /** Callers at the same time: one batch holds at most so many writes. */
    @Param({"1", "32", "256"})
    public int callers;

    private final AtomicLong ids = new AtomicLong();
    private final String text = "x".repeat(BODY_BYTES);
    private Path folder;
    private Store store;
    private FileChannel raw;

    @Setup
    public void open() throws IOException {
        folder = Files.createTempDirectory(Path.of("target"), "store-bench");
        store = H2Store.open(
                StoreOptions.of("jdbc:h2:file:" + folder.toAbsolutePath().resolve("hub"), folder, 0),
                Clock.systemUTC(),
                Meters.NONE);
        raw = FileChannel.open(folder.resolve("raw"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @TearDown
    public void close() throws IOException {
        System.out.printf("%nfile: %,d bytes after %,d walks%n", store.status().bytes(), ids.get());
        store.close();
        raw.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(WALKS)
    public void walks() throws Exception {
        eachCaller(WALKS / callers, this::walk);
    }

    /** The limit: two appends and forces for each round of callers, as two batches would need. */
    @Benchmark
    @OperationsPerInvocation(WALKS)
    public void rawAppendAndForce() throws IOException {
        var batch = ByteBuffer.allocateDirect(callers * BODY_BYTES * 2);
        for (int round = 0; round < WALKS / callers; round++) {
            for (int half = 0; half < 2; half++) {
                batch.clear();
                while (batch.hasRemaining()) {
                    raw.write(batch);
                }
                raw.force(false);
            }
        }
    }

    private void walk(int caller) throws InterruptedException {
        String id = "01J%023d".formatted(ids.incrementAndGet());
        String session = "agent:main:webhook:direct:" + caller;
        Instant now = Instant.now();
        store.accept(new NewInbound(
                id, session, "main", "webhook", Optional.empty(), text.getBytes(StandardCharsets.UTF_8), now));
        store.completeTurn(new TurnEnd(
                id,
                new SessionIdentity(session, "main", "webhook", "default", "direct", String.valueOf(caller)),
                List.of(
                        new NewLine(id, "user", text, now, Map.of("channel", "webhook")),
                        new NewLine(id + "-a", "assistant", text, now, Map.of("reply_to", id))),
                List.of()));
    }

    private void eachCaller(int times, Walk walk) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (int caller = 0; caller < callers; caller++) {
                int who = caller;
                running.add(threads.submit(() -> {
                    for (int i = 0; i < times; i++) {
                        walk.by(who);
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
    }

    @FunctionalInterface
    private interface Walk {
        void by(int caller) throws InterruptedException;
    }
}
