package dev.patchbay.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A list that one side fills and a test waits for. Safe for use by many threads.
 *
 * @param <T> what is recorded; never null
 */
public final class Recorded<T> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<T> items = new ArrayList<>();

    public synchronized void add(T item) {
        items.add(item);
        notifyAll();
    }

    /** What has been recorded so far, oldest first. */
    public synchronized List<T> all() {
        return List.copyOf(items);
    }

    /**
     * Waits until at least this many are there, at most 30 s.
     *
     * @return all that are there
     * @throws AssertionError if they do not come
     */
    public synchronized List<T> await(int count) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (items.size() < count) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError(
                        "waited " + PATIENCE + " for " + count + ", got " + items.size() + ": " + items);
            }
            wait(left / 1_000_000 + 1);
        }
        return all();
    }
}
