package dev.patchbay.hub.task;

import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Which tasks have not ended, which of them run, and who is next. Safe for many threads, never blocks for long. */
final class TaskBook {
    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, OpenTask> open = new LinkedHashMap<>();
    private final Set<OpenTask> running = new HashSet<>();
    private final Rota rota;
    private final CountDownLatch quiet = new CountDownLatch(1);
    private int arriving;
    private boolean stopping;

    /** Whether there is room for one more. */
    enum Room {
        THERE_IS,
        FULL,
        STOPPING
    }

    /**
     * An empty book.
     *
     * @param placesOf how many tasks an agent may have at once
     */
    TaskBook(TaskRules rules, ToIntFunction<String> placesOf) {
        limit = rules.queueLimit();
        rota = new Rota(rules.maxRunning(), placesOf);
    }

    /** Takes a place for a task that is about to be stored; to be followed by {@link #leavePlace}, if there was one. */
    Room takePlace() {
        lock.lock();
        try {
            if (stopping) {
                return Room.STOPPING;
            }
            if (open.size() + arriving >= limit) {
                return Room.FULL;
            }
            arriving++;
            return Room.THERE_IS;
        } finally {
            lock.unlock();
        }
    }

    void leavePlace() {
        lock.lock();
        try {
            arriving--;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    OpenTask find(String taskId) {
        lock.lock();
        try {
            return open.get(taskId);
        } finally {
            lock.unlock();
        }
    }

    /** False if it is in the book already. */
    boolean add(OpenTask task) {
        lock.lock();
        try {
            return open.putIfAbsent(task.taskId(), task) == null;
        } finally {
            lock.unlock();
        }
    }

    /** It has ended. */
    void remove(OpenTask task) {
        lock.lock();
        try {
            open.remove(task.taskId());
            rota.remove(task);
        } finally {
            lock.unlock();
        }
    }

    /** It may run as soon as there is a place. */
    void ready(OpenTask task) {
        lock.lock();
        try {
            if (open.containsKey(task.taskId())) {
                rota.add(task);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes one that is to run now; null if none may. To be followed by {@link #over}. */
    @Nullable
    OpenTask next() {
        lock.lock();
        try {
            OpenTask next = stopping ? null : rota.next();
            if (next != null) {
                running.add(next);
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /**
     * It runs no more.
     *
     * @param isOpen whether there is still something to come
     * @return whether that is to be seen to now
     */
    boolean over(OpenTask task, boolean isOpen) {
        lock.lock();
        try {
            rota.over(task);
            running.remove(task);
            boolean isKnown = open.containsKey(task.taskId());
            if (!isOpen) {
                open.remove(task.taskId());
            }
            if (stopping && running.isEmpty()) {
                quiet.countDown();
            }
            return isOpen && isKnown && !stopping;
        } finally {
            lock.unlock();
        }
    }

    /** From now on nothing is taken and nothing begins. */
    void stop() {
        lock.lock();
        try {
            stopping = true;
            if (running.isEmpty()) {
                quiet.countDown();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Opens when nothing runs any more, after {@link #stop}. */
    CountDownLatch quiet() {
        return quiet;
    }

    List<OpenTask> running() {
        lock.lock();
        try {
            return List.copyOf(running);
        } finally {
            lock.unlock();
        }
    }

    /** Those whose time has run out. */
    List<OpenTask> late(Instant now) {
        lock.lock();
        try {
            return open.values().stream()
                    .filter(each -> !each.expiresAt().isAfter(now))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return open.size();
        } finally {
            lock.unlock();
        }
    }
}
