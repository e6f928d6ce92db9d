package dev.patchbay.hub.gateway.rpc;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** A bucket of requests per client that fills at a steady rate; a second's worth may come at once. Safe for many threads. */
public final class RateLimiter {
    /** Clients remembered; the one not heard of for longest is forgotten first. */
    private static final int CLIENTS = 10_000;

    private final double perNano;
    private final double burst;
    private final boolean loopbackToo;
    private final boolean off;
    private final LongSupplier nanos;

    private final Map<String, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > CLIENTS;
        }
    };

    private static final class Bucket {
        double left;
        long at;

        Bucket(double left, long at) {
            this.left = left;
            this.at = at;
        }
    }

    /**
     * Limits nobody if {@code perSecond} is empty.
     *
     * @param perSecond requests of one client, more than 0
     * @param loopbackToo whether clients on this machine are limited as well
     * @param nanos a clock that only goes forward
     */
    public RateLimiter(Optional<Double> perSecond, boolean loopbackToo, LongSupplier nanos) {
        off = perSecond.isEmpty();
        perNano = perSecond.orElse(0.0) / 1e9;
        burst = Math.max(1, perSecond.orElse(1.0));
        this.loopbackToo = loopbackToo;
        this.nanos = nanos;
    }

    /** Takes requests from a client's bucket: zero if there were enough, else the time until there will be, and none is taken. */
    Duration take(String client, boolean loopback, int requests) {
        if (off || (loopback && !loopbackToo)) {
            return Duration.ZERO;
        }
        synchronized (buckets) {
            long now = nanos.getAsLong();
            Bucket bucket = buckets.computeIfAbsent(client, unused -> new Bucket(burst, now));
            bucket.left = Math.min(burst, bucket.left + (now - bucket.at) * perNano);
            bucket.at = now;
            // More than a whole bucket is let through by a full one, which then owes the rest.
            double needed = Math.min(requests, burst);
            if (bucket.left >= needed) {
                bucket.left -= requests;
                return Duration.ZERO;
            }
            return Duration.ofNanos((long) Math.ceil((needed - bucket.left) / perNano));
        }
    }
}
