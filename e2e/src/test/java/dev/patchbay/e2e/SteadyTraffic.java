package dev.patchbay.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * What others notice: messages at a steady pace to an account that answers in the response, calm and disturbed in turns, so that
 * whatever else this machine does falls on both. A message that could not leave in time counts from when it should have left.
 */
final class SteadyTraffic {
    /** Each waits for its answer before its next message: few of them would measure how they fall behind, not the hub. */
    private static final int SENDERS = 16;

    private static final Duration EVERY = Duration.ofMillis(80);
    private static final Duration WINDOW = Duration.ofSeconds(Integer.getInteger("patchbay.window", 2));
    private static final int ROUNDS = Integer.getInteger("patchbay.rounds", 3);

    private final Rpc hub;
    private final String path;

    /** Something that goes on beside the traffic. */
    interface Disturbance {
        void begin() throws Exception;

        /** Returns when nothing of it goes on any more. */
        void end() throws Exception;
    }

    /**
     * The median of the windows' 99th percentiles, in milliseconds.
     *
     * @param atBest that of the best of the disturbed windows: others who use the machine, too, do not disturb each of them
     */
    record Comparison(double calm, double disturbed, double atBest) {}

    /**
     * Traffic through one account.
     *
     * @param path of a webhook account with {@code reply: sync}
     */
    SteadyTraffic(Rpc hub, String path) {
        this.hub = hub;
        this.path = path;
    }

    /** Measures, prints, and leaves the judgement to the caller. */
    Comparison compare(String name, Disturbance disturbance) throws Exception {
        // As many without counting: compilers and caches are not what we look for.
        for (int i = 0; i < ROUNDS; i++) {
            window();
            disturbance.begin();
            window();
            disturbance.end();
        }
        List<Double> calm = new ArrayList<>();
        List<Double> disturbed = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            calm.add(window());
            disturbance.begin();
            try {
                disturbed.add(window());
            } finally {
                disturbance.end();
            }
        }
        var comparison = new Comparison(median(calm), median(disturbed), Collections.min(disturbed));
        System.out.printf(
                Locale.ROOT,
                "isolation: %s: p99 calm %.1f ms %s, disturbed %.1f ms %s%n",
                name,
                comparison.calm(),
                rounded(calm),
                comparison.disturbed(),
                rounded(disturbed));
        return comparison;
    }

    /** The 99th percentile of one window. */
    private double window() throws InterruptedException {
        List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> senders = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < SENDERS; i++) {
            String body = "{\"text\":\"hello\",\"peer\":\"peer-" + i + "\"}";
            long first = begin + i * EVERY.toNanos() / SENDERS;
            senders.add(Thread.ofPlatform().start(() -> {
                try {
                    send(body, first, begin + WINDOW.toNanos(), nanos);
                } catch (Exception | AssertionError failed) {
                    failures.add(failed);
                }
            }));
        }
        for (Thread each : senders) {
            each.join();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("somebody else's trouble cost a message of ours", failures.getFirst());
        }
        List<Long> sorted = nanos.stream().sorted().toList();
        return sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1) / 1e6;
    }

    private void send(String body, long first, long end, List<Long> nanos) throws Exception {
        for (long due = first; due < end; due += EVERY.toNanos()) {
            long early = due - System.nanoTime();
            if (early > 0) {
                LockSupport.parkNanos(early);
            }
            int status = hub.post(path, body).statusCode();
            if (status != 200) {
                throw new AssertionError("status " + status);
            }
            nanos.add(System.nanoTime() - due);
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private static List<Long> rounded(List<Double> values) {
        return values.stream().map(Math::round).toList();
    }
}
