package dev.patchbay.hub.recall;

import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoreIdentity;
import dev.patchbay.hub.store.Transcripts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.AlreadyClosedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Searches what was said. The index behind it is made and kept by one thread of its own and is never needed by anybody else: while it
 * is behind, damaged or without room, searches bring less and say so.
 *
 * <p>The index only names lines: each is read from the store before it is shown, so what was deleted is not found from that moment on,
 * whatever the index still says. Safe for many threads.
 */
public final class LineSearch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LineSearch.class);

    private static final Duration IDLE = Duration.ofMillis(400);
    private static final Duration BACK_OFF_FIRST = Duration.ofSeconds(2);
    private static final Duration BACK_OFF_MOST = Duration.ofMinutes(1);

    /** A start has better things to do. */
    private static final Duration FIRST = Duration.ofSeconds(1);

    /** How long a search waits for an index that is just being opened. */
    private static final Duration OPENING = Duration.ofSeconds(1);

    /** Behind for longer than that, a search is not complete. */
    private static final long LEVEL_FOR = Duration.ofSeconds(2).toNanos();

    private static final Duration CLOSE_MOST = Duration.ofSeconds(10);

    /** While it catches up it rests this many times as long as it worked, so that messages do not feel it. */
    private static final int RESTS = 3;

    private static final Duration REST_MOST = Duration.ofSeconds(1);
    private static final int GONE_MAX = 1_000;

    private final Transcripts store;
    private final Path folder;
    private final LongSupplier room;
    private final Stopwatch time;
    private final BlockingQueue<Long> gone = new ArrayBlockingQueue<>(GONE_MAX);
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Search search;
    private final Thread thread;
    private volatile @Nullable SearcherManager searchers;
    private volatile Standing standing = new Standing(false, 0, Optional.empty());
    private volatile long levelAt;
    private volatile boolean isSuspect;
    private Duration backOff = BACK_OFF_FIRST;

    /**
     * How the index stands.
     *
     * @param isLevel whether it holds all that the store holds
     * @param lines how many it holds
     * @param trouble what keeps it from being kept, and what would help
     */
    public record Standing(boolean isLevel, long lines, Optional<String> trouble) {}

    /**
     * Makes one that stands still until {@link #start}.
     *
     * @param folder the index's own: whatever else is in it goes
     * @param room what may be written besides what the store needs, in bytes
     */
    public LineSearch(Transcripts store, Path folder, LongSupplier room, Stopwatch time) {
        this.store = store;
        this.folder = folder;
        this.room = room;
        this.time = time;
        this.search = new Search(store, gone, time);
        this.levelAt = time.nanos() - LEVEL_FOR;
        this.thread = Thread.ofPlatform().name("recall").daemon().unstarted(this::work);
    }

    /** Begins to make and keep the index, a little later or with the first search. Once. */
    public void start() {
        thread.start();
    }

    /** How the index stands. */
    public Standing standing() {
        return standing;
    }

    /**
     * Finds lines in which all words occur.
     *
     * @throws StoreException if the store cannot be read
     */
    public Findings search(LineQuery query) throws InterruptedException {
        Wanted wanted = Wanted.of(query.words());
        if (wanted.isNothing() || query.agents().filter(Set::isEmpty).isPresent()) {
            return new Findings(List.of(), true);
        }
        asked.countDown();
        if (!time.await(opened, OPENING)) {
            return Findings.NOTHING_YET;
        }
        // Before the search: what comes later is not of it.
        boolean isLevel = time.nanos() - levelAt < LEVEL_FOR;
        SearcherManager manager = searchers;
        if (manager == null) {
            return new Findings(List.of(), isLevel);
        }
        try {
            Findings found = search.run(query, wanted, manager);
            return isLevel ? found : new Findings(found.lines(), false);
        } catch (AlreadyClosedException closed) {
            return Findings.NOTHING_YET;
        } catch (StoreException down) {
            throw down;
        } catch (IOException | RuntimeException | InternalError damaged) {
            log.warn("A search of what was said failed; the index is looked at", damaged);
            isSuspect = true;
            return Findings.NOTHING_YET;
        }
    }

    /** Writes down how far the index has come, and ends. */
    @Override
    public void close() {
        closing.countDown();
        asked.countDown();
        try {
            if (thread.getState() != Thread.State.NEW) {
                boolean ignored = thread.join(CLOSE_MOST);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        SearcherManager last = searchers;
        searchers = null;
        closeQuietly(last);
    }

    // ---- in the thread

    private void work() {
        try {
            if (time.await(asked, FIRST)) {
                log.debug("A search is waiting for the index");
            }
            awaitFirstLine();
            // Lucene has a word to say about the processor, at each start.
            SLF4JBridgeHandler.removeHandlersForRootLogger();
            SLF4JBridgeHandler.install();
            while (!time.await(closing, Duration.ZERO)) {
                keep();
            }
        } catch (InterruptedException nobodyMay) {
            log.error("Somebody interrupted the thread that keeps the index; searches bring nothing new", nobodyMay);
        } finally {
            opened.countDown();
        }
    }

    /** Where nothing was ever said there is no index, and nobody pays for Lucene. */
    private void awaitFirstLine() throws InterruptedException {
        StoreIdentity seen = null;
        Duration rest = Duration.ZERO;
        while (Files.notExists(folder) && !time.await(closing, rest)) {
            long began = time.nanos();
            StoreIdentity now = store.identity();
            try {
                if (!now.equals(seen) && !store.after(0, 1).lines().isEmpty()) {
                    return;
                }
            } catch (StoreException down) {
                // Whoever opens the index finds out how long.
                return;
            }
            seen = now;
            levelAt = began;
            standing = new Standing(true, 0, Optional.empty());
            opened.countDown();
            rest = IDLE;
        }
    }

    /** Opens the index and keeps it until something goes wrong or the hub stops. */
    private void keep() throws InterruptedException {
        Index index = null;
        try {
            index = Index.open(folder, store.identity());
            isSuspect = false;
            SearcherManager before = searchers;
            searchers = index.searchers();
            closeQuietly(before);
            follow(index);
        } catch (StoreException down) {
            // It says so itself; the index has nothing to add.
            pause("the store cannot be read: " + down.getMessage(), down);
        } catch (IOException | RuntimeException | Error broken) {
            pause(
                    "the index for searches in " + folder + " cannot be kept: " + broken
                            + "; look at the disk, and who may write there",
                    broken);
        } finally {
            if (index != null) {
                index.close();
            }
        }
    }

    private void follow(Index index) throws IOException, InterruptedException {
        var follower = new Follower(store, index, room, time, gone);
        follower.compare();
        Duration rest = Duration.ZERO;
        while (!time.await(closing, rest)) {
            if (isSuspect) {
                return;
            }
            long began = time.nanos();
            try {
                boolean isLevel = follower.step();
                if (isLevel) {
                    levelAt = began;
                    backOff = BACK_OFF_FIRST;
                }
                standing = new Standing(isLevel, index.lines(), Optional.empty());
                Duration worked = Duration.ofNanos(time.nanos() - began).multipliedBy(RESTS);
                rest = isLevel ? IDLE : worked.compareTo(REST_MOST) < 0 ? worked : REST_MOST;
            } catch (Follower.NoRoom full) {
                standing = new Standing(false, index.lines(), Optional.ofNullable(full.getMessage()));
                rest = BACK_OFF_FIRST;
            }
            opened.countDown();
        }
        if (index.isChanged()) {
            follower.commit();
        }
    }

    private void pause(String trouble, Throwable cause) throws InterruptedException {
        if (cause instanceof IOException) {
            log.warn("{}; tried again in {} s", trouble, backOff.toSeconds());
        } else {
            log.warn("{}; tried again in {} s", trouble, backOff.toSeconds(), cause);
        }
        standing = new Standing(false, standing.lines(), Optional.of(trouble));
        opened.countDown();
        if (!time.await(closing, backOff)) {
            Duration next = backOff.multipliedBy(2);
            backOff = next.compareTo(BACK_OFF_MOST) < 0 ? next : BACK_OFF_MOST;
        }
    }

    private static void closeQuietly(@Nullable SearcherManager searchers) {
        try {
            if (searchers != null) {
                searchers.close();
            }
        } catch (IOException whatever) {
            log.debug("What was searched with did not close well", whatever);
        }
    }
}
