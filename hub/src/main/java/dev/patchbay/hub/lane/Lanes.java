package dev.patchbay.hub.lane;

import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs jobs of one key one after the other and jobs of different keys side by side. A lane is a queue that exists, and a thread
 * that runs, only while there is work. Safe for many threads.
 *
 * @param <K> the key; equal keys share a lane
 */
public final class Lanes<K> {
    private static final Logger log = LoggerFactory.getLogger(Lanes.class);

    private final ConcurrentHashMap<K, Lane> lanes = new ConcurrentHashMap<>();
    private final Executor threads;
    private final int limit;

    /** One step of work in a lane. */
    @FunctionalInterface
    public interface Job {
        void run() throws InterruptedException;
    }

    /**
     * Makes lanes.
     *
     * @param threads starts a thread (virtual, as a rule) per task, so that a blocked lane blocks no other
     * @param limit how many jobs may wait in one lane besides the one that runs; from 1
     */
    public Lanes(Executor threads, int limit) {
        this.threads = threads;
        this.limit = limit;
    }

    /**
     * Appends a job to its lane.
     *
     * @return false if the lane is full: the job was not taken
     */
    public boolean submit(K key, Job job) {
        return append(key, job, limit);
    }

    /** Appends a job that must not be refused, because what it works on has long been accepted. */
    public void submitAlways(K key, Job job) {
        append(key, job, Integer.MAX_VALUE);
    }

    /** How many lanes have work. */
    public int active() {
        return lanes.size();
    }

    /** How many jobs wait or run under a key. */
    public int depth(K key) {
        Lane lane = lanes.get(key);
        return lane == null ? 0 : lane.depth();
    }

    private boolean append(K key, Job job, int most) {
        while (true) {
            Lane lane = lanes.computeIfAbsent(key, Lane::new);
            switch (lane.append(job, most)) {
                case TAKEN -> {
                    return true;
                }
                case FIRST -> {
                    threads.execute(lane);
                    return true;
                }
                case FULL -> {
                    return false;
                }
                // The lane ended between the look-up and the append: the next round makes a new one.
                case ENDED -> Thread.onSpinWait();
            }
        }
    }

    private enum Append {
        TAKEN,
        FIRST,
        FULL,
        ENDED
    }

    private final class Lane implements Runnable {
        private final K key;
        private final ArrayDeque<Job> waiting = new ArrayDeque<>(4);
        private boolean running;

        /** A job is out of the queue and not over: before its thread has come that far, it is still counted as waiting. */
        private boolean working;

        private boolean ended;

        Lane(K key) {
            this.key = key;
        }

        synchronized Append append(Job job, int most) {
            if (ended) {
                return Append.ENDED;
            }
            if (waiting.size() >= most) {
                return Append.FULL;
            }
            waiting.add(job);
            if (running) {
                return Append.TAKEN;
            }
            running = true;
            return Append.FIRST;
        }

        synchronized int depth() {
            return waiting.size() + (working ? 1 : 0);
        }

        @Override
        public void run() {
            for (Job job = next(); job != null; job = next()) {
                try {
                    job.run();
                } catch (InterruptedException stop) {
                    // The hub stops at once: what still waits is in the store and is taken up at the next start.
                    Thread.currentThread().interrupt();
                    abandon();
                    return;
                } catch (RuntimeException | Error failure) {
                    log.error("A job of lane {} failed; the lane goes on", key, failure);
                }
            }
        }

        private synchronized @Nullable Job next() {
            Job job = waiting.poll();
            working = job != null;
            if (job == null) {
                abandon();
            }
            return job;
        }

        private synchronized void abandon() {
            ended = true;
            waiting.clear();
            lanes.remove(key, this);
        }
    }
}
