package dev.patchbay.plugin.discord;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work of each channel one after the other, of different channels side by side; a virtual thread exists while a channel has work.
 * Safe for many threads.
 */
final class Lanes implements AutoCloseable {
    static final int WAITING_PER_CHANNEL_MAX = 500;
    static final int WAITING_MAX = 20_000;

    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);
    private static final Duration END_MAX = Duration.ofSeconds(3);

    private final String name;
    private final Map<String, Lane> lanes = new HashMap<>();
    private int waiting;
    private boolean isClosed;

    /** Threads are named after this. */
    Lanes(String name) {
        this.name = name;
    }

    /** A piece of work. What it throws ends it, not its lane. */
    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    private record Lane(Queue<Work> queue, Thread thread) {}

    /** @return false if too much waits; nothing was taken then */
    synchronized boolean offer(String channel, Work work) {
        Lane lane = lanes.get(channel);
        boolean isFull = waiting >= WAITING_MAX || (lane != null && lane.queue().size() >= WAITING_PER_CHANNEL_MAX);
        if (isFull || isClosed) {
            return isClosed;
        }
        add(channel, work);
        return true;
    }

    /** Takes work in however much waits; for what comes at most once per channel. */
    synchronized void add(String channel, Work work) {
        if (isClosed) {
            return;
        }
        waiting++;
        Lane lane = lanes.get(channel);
        if (lane != null) {
            lane.queue().add(work);
            return;
        }
        Thread thread = Thread.ofVirtual().name(name + "-" + channel).unstarted(() -> drain(channel));
        lane = new Lane(new ArrayDeque<>(), thread);
        lane.queue().add(work);
        lanes.put(channel, lane);
        thread.start();
    }

    /** Interrupts what runs and drops what waits: it is found again in Discord's history. */
    @Override
    public void close() {
        List<Thread> running = new ArrayList<>();
        synchronized (this) {
            isClosed = true;
            lanes.values().forEach(lane -> {
                lane.queue().clear();
                running.add(lane.thread());
            });
        }
        running.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + END_MAX.toNanos();
        try {
            for (Thread thread : running) {
                if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                    LOG.warn("{} does not end", thread.getName());
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain(String channel) {
        for (Work work = next(channel); work != null; work = next(channel)) {
            try {
                work.run();
            } catch (InterruptedException stop) {
                synchronized (this) {
                    lanes.remove(channel);
                }
                return;
            } catch (RuntimeException | Error fault) {
                LOG.error("An event of channel {} was dropped", channel, fault);
            }
        }
    }

    private synchronized @org.jspecify.annotations.Nullable Work next(String channel) {
        Lane lane = lanes.get(channel);
        Work work = lane == null ? null : lane.queue().poll();
        if (work == null) {
            lanes.remove(channel);
        } else {
            waiting--;
        }
        return work;
    }
}
