package dev.patchbay.fakes.telegram;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Counts what one bot sends and refuses what is too much. Guarded by the bot. */
final class RateLimiter {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final LongSupplier nanos;
    private Limits limits = Limits.none();
    private final Map<Long, Lane> lanes = new HashMap<>();
    private final Deque<Long> overall = new ArrayDeque<>();
    private final Pause botPause;
    private long refused;
    private long early;

    /** One chat. The allowance is a bucket that fills with time. */
    private static final class Lane {
        double allowance;
        long filledAt;
        final Pause pause;
        final Deque<Long> window = new ArrayDeque<>();

        Lane(double allowance, long now) {
            this.allowance = allowance;
            filledAt = now;
            pause = new Pause(now);
        }
    }

    /** A time in which nothing may come. */
    private static final class Pause {
        long until;
        /** Only who knows of it can be early. */
        boolean isTold;

        Pause(long now) {
            until = now;
        }

        void set(long until, boolean isTold) {
            this.until = until;
            this.isTold = isTold;
        }
    }

    RateLimiter(LongSupplier nanos) {
        this.nanos = nanos;
        botPause = new Pause(nanos.getAsLong());
    }

    /** Starts counting anew under these limits. */
    void limits(Limits limits) {
        this.limits = limits;
        lanes.clear();
        overall.clear();
    }

    void pauseBot(Duration time) {
        botPause.set(nanos.getAsLong() + time.toNanos(), false);
    }

    void pauseChat(long chat, Duration time) {
        lane(chat).pause.set(nanos.getAsLong() + time.toNanos(), false);
    }

    long refused() {
        return refused;
    }

    /** How many calls came before the end of a wait they had been told of. */
    long early() {
        return early;
    }

    /** @throws ApiError while the whole bot must wait */
    void admitCall() {
        obey(botPause);
    }

    /** @throws ApiError if it may not be sent now */
    void admitMessages(long chat, boolean group, int messages) {
        long now = nanos.getAsLong();
        Lane lane = lane(chat);
        obey(lane.pause);
        lane.allowance = Math.min(limits.chatBurst(), lane.allowance + fraction(now - lane.filledAt));
        lane.filledAt = now;
        // An album is one send of a person's, but each of its parts counts; more than the bucket holds could never
        // pass.
        double needed = Math.min(messages, limits.chatBurst());
        long wait = lane.allowance >= needed
                ? 0
                : (long) ((needed - lane.allowance) * limits.chatEvery().toNanos());
        if (group) {
            wait = Math.max(wait, over(lane.window, now, limits.groupWindow().toNanos(), limits.group()));
        }
        if (wait > 0) {
            lane.pause.set(now + seconds(wait) * SECOND, true);
            throw refuse(wait);
        }
        admitOverall(now, messages);
        lane.allowance -= needed;
        for (int i = 0; i < messages && group; i++) {
            lane.window.add(now);
        }
    }

    /** @throws ApiError if it may not be made now */
    void admitEdit(long chat) {
        obey(lane(chat).pause);
        admitOverall(nanos.getAsLong(), 1);
    }

    private void admitOverall(long now, int messages) {
        long wait = over(overall, now, SECOND, limits.overall());
        if (wait > 0) {
            botPause.set(now + seconds(wait) * SECOND, true);
            throw refuse(wait);
        }
        for (int i = 0; i < messages; i++) {
            overall.add(now);
        }
    }

    private void obey(Pause pause) {
        long left = pause.until - nanos.getAsLong();
        if (left > 0) {
            early += pause.isTold ? 1 : 0;
            pause.isTold = true;
            throw refuse(left);
        }
    }

    private ApiError refuse(long wait) {
        refused++;
        return ApiError.tooMany(seconds(wait));
    }

    /** How long until one more fits into the window that slides; zero if it fits now. */
    private static long over(Deque<Long> window, long now, long length, int most) {
        while (!window.isEmpty() && now - window.getFirst() >= length) {
            window.removeFirst();
        }
        return window.size() < most ? 0 : window.getFirst() + length - now;
    }

    private double fraction(long passed) {
        return (double) passed / limits.chatEvery().toNanos();
    }

    private static int seconds(long nanos) {
        return (int) Math.ceilDiv(nanos, SECOND);
    }

    private Lane lane(long chat) {
        return lanes.computeIfAbsent(chat, unused -> new Lane(limits.chatBurst(), nanos.getAsLong()));
    }
}
