package dev.patchbay.hub.plugin;

import dev.patchbay.hub.lane.Alarm;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls into one plugin. Each runs on a thread of its own, with the plugin's class loader as the thread's, and under a time
 * limit: a call that is late is interrupted and given up, and whoever waits goes on. Whatever it throws, stack overflow and
 * exhausted heap included, becomes a {@link PluginFault}. Safe for many threads.
 *
 * <p>One alarm at a time watches all calls, because an alarm per call would outlive a thousand calls that took a millisecond.
 */
public final class PluginCalls {
    private static final Comparator<Deadline> FIRST_DUE =
            Comparator.comparing(Deadline::at).thenComparing(Deadline::order);

    private final String name;
    private final PluginOrigin origin;
    private final Clock clock;
    private final Alarm alarm;
    private final Executor threads;
    private final TreeMap<Deadline, Call<?>> underWay = new TreeMap<>(FIRST_DUE);
    private @Nullable Instant nextLook;
    private long order;
    private int stuck;

    private record Deadline(Instant at, long order) {}

    /**
     * Whose calls they are, and whose time limits them.
     *
     * @param name for threads and the log, for instance {@code telegram-main}
     */
    public record Source(String name, PluginOrigin origin, Clock clock, Alarm alarm) {}

    /**
     * @param threads starts a thread per task, never blocks
     */
    public PluginCalls(Source source, Executor threads) {
        this.name = source.name();
        this.origin = source.origin();
        this.clock = source.clock();
        this.alarm = source.alarm();
        this.threads = threads;
    }

    /** For calls that are rare and may be of any quality: a busy loop on a virtual thread would hold its carrier for ever. */
    public static Executor platformThreads() {
        return task -> Thread.ofPlatform().daemon().start(task);
    }

    /** Calls and waits, at most {@code limit}. */
    public <T extends @Nullable Object> T call(String what, Duration limit, Callable<T> work)
            throws PluginFault, InterruptedException {
        return call(what, limit, work, unused -> {});
    }

    /**
     * Calls and waits, at most {@code limit}.
     *
     * @param tooLate takes a result that comes after it was given up; on the call's own thread
     */
    public <T extends @Nullable Object> T call(String what, Duration limit, Callable<T> work, Consumer<T> tooLate)
            throws PluginFault, InterruptedException {
        Call<T> call = begin(what, limit, work, tooLate);
        try {
            call.over.await();
        } catch (InterruptedException stop) {
            call.giveUp("was interrupted");
            throw stop;
        } finally {
            end(call);
        }
        return call.outcome();
    }

    /** Interrupts all calls and gives them up; those who wait for them get a fault. */
    public void giveUpAll() {
        List<Call<?>> all;
        synchronized (this) {
            all = List.copyOf(underWay.values());
        }
        all.forEach(call -> call.giveUp("was cut off"));
    }

    /** How many calls were given up and still run. */
    public synchronized int stuck() {
        return stuck;
    }

    private <T extends @Nullable Object> Call<T> begin(
            String what, Duration limit, Callable<T> work, Consumer<T> tooLate) {
        Call<T> call;
        synchronized (this) {
            call = new Call<>(what, limit, new Deadline(clock.instant().plus(limit), order++), work, tooLate);
            underWay.put(call.deadline, call);
            watch();
        }
        threads.execute(call);
        return call;
    }

    private synchronized void end(Call<?> call) {
        underWay.remove(call.deadline);
    }

    /** With the lock: sees to it that somebody looks when the first of the calls is due. */
    private void watch() {
        if (underWay.isEmpty()) {
            return;
        }
        Instant first = underWay.firstKey().at();
        if (nextLook == null || first.isBefore(nextLook)) {
            nextLook = first;
            alarm.at(first, this, PluginCalls::look);
        }
    }

    private void look() {
        var late = new ArrayList<Call<?>>();
        synchronized (this) {
            Instant now = clock.instant();
            if (nextLook != null && !now.isBefore(nextLook)) {
                nextLook = null;
            }
            while (!underWay.isEmpty() && !now.isBefore(underWay.firstKey().at())) {
                late.add(underWay.pollFirstEntry().getValue());
            }
            watch();
        }
        late.forEach(Call::late);
    }

    private synchronized void count(int change) {
        stuck += change;
    }

    private final class Call<T extends @Nullable Object> implements Runnable {
        private final CountDownLatch over = new CountDownLatch(1);
        private final String what;
        private final Duration limit;
        private final Deadline deadline;
        private final Callable<T> work;
        private final Consumer<T> tooLate;
        private @Nullable Thread running;
        private @Nullable String givenUp;
        private @Nullable T result;
        private @Nullable Throwable thrown;

        Call(String what, Duration limit, Deadline deadline, Callable<T> work, Consumer<T> tooLate) {
            this.what = what;
            this.limit = limit;
            this.deadline = deadline;
            this.work = work;
            this.tooLate = tooLate;
        }

        @Override
        public void run() {
            if (!begun()) {
                return;
            }
            Thread.currentThread().setName("plugin-" + name + "-" + what);
            try {
                T made = origin.inside(work);
                if (!ended(made, null)) {
                    tooLate.accept(made);
                }
            } catch (Throwable anything) {
                // Nothing that a plugin throws may end more than this thread.
                ended(null, anything);
            }
        }

        private synchronized boolean begun() {
            running = givenUp == null ? Thread.currentThread() : null;
            return running != null;
        }

        /** False if nobody waits any more. */
        private synchronized boolean ended(@Nullable T made, @Nullable Throwable failure) {
            if (running == null) {
                return false;
            }
            running = null;
            if (givenUp != null) {
                count(-1);
                return false;
            }
            result = made;
            thrown = failure;
            over.countDown();
            return true;
        }

        void late() {
            giveUp("did not come back within " + limit.toMillis() + " ms");
        }

        synchronized void giveUp(String why) {
            if (givenUp != null || over.getCount() == 0) {
                return;
            }
            givenUp = why;
            if (running != null) {
                count(1);
                running.interrupt();
            }
            over.countDown();
        }

        @SuppressWarnings("NullAway") // a call may well return null; its caller decides whether that is a fault
        synchronized T outcome() throws PluginFault {
            if (givenUp != null) {
                throw PluginFault.late(what + " " + givenUp);
            }
            if (thrown != null) {
                throw PluginFault.threw(thrown);
            }
            return result;
        }
    }
}
