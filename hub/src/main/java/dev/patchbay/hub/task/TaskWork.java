package dev.patchbay.hub.task;

import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.TaskState;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings each task of the book to its attempts, so many at once as may be. Safe for many threads. */
final class TaskWork {
    private static final Logger log = LoggerFactory.getLogger(TaskWork.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final TaskBook book;
    private final Attempt attempts;
    private final World world;
    private volatile boolean isGivingUp;

    TaskWork(TaskBook book, Attempt attempts, World world) {
        this.book = book;
        this.attempts = attempts;
        this.world = world;
    }

    /** Lets it run when its time has come. */
    void queue(OpenTask task) {
        Instant due = task.standing().nextAttemptAt();
        if (due != null && due.isAfter(world.clock().instant())) {
            later(task, due);
        } else {
            ready(task);
        }
    }

    /** Interrupts what runs; it goes back into the queue. */
    void giveUp() {
        isGivingUp = true;
        book.running().forEach(each -> each.halt().call());
    }

    private void later(OpenTask task, Instant when) {
        world.alarm().at(when, () -> world.threads().execute(() -> ready(task)));
    }

    private void ready(OpenTask task) {
        book.ready(task);
        beginSome();
    }

    private void beginSome() {
        for (OpenTask next = book.next(); next != null; next = book.next()) {
            OpenTask task = next;
            world.threads().execute(() -> work(task));
        }
    }

    private void work(OpenTask task) {
        boolean isToGoOn = true;
        try {
            isToGoOn = attempt(task);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error bug) {
            log.error("Task {} stays as it is for now", task.taskId(), bug);
        }
        boolean isOpen = isToGoOn && task.standing().state().isOpen();
        if (book.over(task, isOpen)) {
            if (task.standing().state() == TaskState.RETRYING) {
                queue(task);
            } else {
                later(task, world.clock().instant().plus(PAUSE));
            }
        }
        beginSome();
    }

    /** False if nothing more can be done for the task. */
    private boolean attempt(OpenTask task) throws InterruptedException {
        try {
            attempts.run(task);
            if (isGivingUp) {
                attempts.putBack(task);
            }
            return true;
        } catch (StoreException trouble) {
            log.warn("Task {} cannot go on: {}", task.taskId(), trouble.getMessage());
            return switch (trouble.kind()) {
                case NO_ROOM, UNAVAILABLE -> true;
                case CONFLICT, BAD_CURSOR, REFUSED, DAMAGED -> false;
            };
        } catch (RuntimeException | Error bug) {
            log.error("An attempt at task {} broke", task.taskId(), bug);
            attempts.broke(task, bug);
            return true;
        }
    }
}
