package dev.patchbay.hub.gateway.rpc;

import dev.patchbay.hub.memory.HeapState;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Decides whether one more request is taken on. Safe for many threads. */
public final class Admission {
    private static final int RETRY_AFTER_MILLIS = 1_000;
    private static final int MEMORY_RETRY_MILLIS = 2_000;

    private final int most;
    private final Semaphore free;
    private final RateLimiter rates;
    private final HeapState heap;
    private volatile boolean draining;

    /**
     * Admits until told to drain.
     *
     * @param most requests under way at once, over all transports
     */
    public Admission(int most, RateLimiter rates, HeapState heap) {
        this.heap = heap;
        this.most = most;
        this.free = new Semaphore(most);
        this.rates = rates;
    }

    /**
     * Takes on requests, each to be given back by {@link #done}.
     *
     * @throws RpcException if there are too many, of this client or of all, or the hub stops
     */
    public void admit(String client, boolean loopback, int requests) throws RpcException {
        checkRate(client, loopback, requests);
        if (draining) {
            throw RpcException.of(ErrorCode.SHUTTING_DOWN, "the hub is shutting down; nothing was done");
        }
        if (heap.isTight()) {
            throw RpcException.of(ErrorCode.NOT_STORED, "memory is short; nothing was done, try again")
                    .with("retry_after_ms", MEMORY_RETRY_MILLIS);
        }
        if (!free.tryAcquire(requests)) {
            throw RpcException.of(ErrorCode.NOT_STORED, "too many requests at once; nothing was done, try again")
                    .with("retry_after_ms", RETRY_AFTER_MILLIS);
        }
    }

    /** Counts requests against the client's rate alone. */
    public void checkRate(String client, boolean loopback, int requests) throws RpcException {
        Duration wait = rates.take(client, loopback, requests);
        if (!wait.isZero()) {
            throw RpcException.of(ErrorCode.RATE_LIMITED, "too many requests of this client")
                    .with("retry_after_ms", Math.max(1, wait.toMillis()));
        }
    }

    public void done(int requests) {
        free.release(requests);
    }

    /** Requests under way. */
    public int underWay() {
        return most - free.availablePermits();
    }

    /** Whether a third of what can be under way is. */
    public boolean isCrowded() {
        return underWay() > most / 3;
    }

    public boolean isDraining() {
        return draining;
    }

    /** Takes nothing on any more and waits for what is under way; false if that takes longer. */
    public boolean drain(Duration within) throws InterruptedException {
        draining = true;
        if (!free.tryAcquire(most, within.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        free.release(most);
        return true;
    }
}
