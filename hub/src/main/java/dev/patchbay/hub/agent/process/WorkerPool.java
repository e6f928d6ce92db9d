package dev.patchbay.hub.agent.process;

import dev.patchbay.api.AgentFailed;
import dev.patchbay.hub.agent.Staff;
import dev.patchbay.hub.agent.wire.AnswerJson;
import dev.patchbay.hub.metrics.Meters;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of one agent. One is kept ready as far as the budget of restarts allows, more are started when turns wait. Turns
 * get workers in the order in which they asked. Safe for many threads.
 */
final class WorkerPool implements Worker.Losses {
    private static final Logger log = LoggerFactory.getLogger(ProcessAgentPlugin.class);

    /** Lost workers whose output somebody out of our reach still holds open, and with it two threads each. */
    private static final int LEFT_MAX = 10;

    private static final Duration CLOSE_MAX = Duration.ofSeconds(9);

    private final String agentId;
    private final Program program;
    private final Launcher launcher;
    private final Worker.Means means;
    private final Rules rules;
    private final Meters meters;

    /** Outlives every worker: see {@link Launcher#start}. */
    private final ExecutorService starter;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Condition> waiting = new ArrayDeque<>();
    private final List<Worker> live = new ArrayList<>();
    private final ArrayDeque<Worker> idle = new ArrayDeque<>();
    private final List<Worker> left = new ArrayList<>();
    private final RestartBudget budget;
    private boolean isStarting;
    private boolean isClosed;
    private int numbers;
    private int stillborn;
    private String lastTrouble = "";

    /** How its programs are heard. */
    record Says(AnswerJson json, Words words) {}

    /**
     * What is the same for every agent.
     *
     * @param hour in which restarts are counted
     * @param proc where the system shows its processes
     * @param isNice whether its programs let everything else go first
     */
    record Rules(Duration hour, Ending ending, Path proc, boolean isNice) {
        static final Rules USUAL = new Rules(Duration.ofHours(1), Ending.USUAL, Path.of("/proc"), true);
    }

    WorkerPool(String agentId, Program program, Launcher launcher, Says says, Rules rules, Meters meters) {
        this.agentId = agentId;
        this.program = program;
        this.launcher = launcher;
        this.means = new Worker.Means(program, says.json(), says.words(), this);
        this.rules = rules;
        this.meters = meters;
        budget = new RestartBudget(program.restartsPerHour(), rules.hour());
        starter = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("agent-" + agentId + "-start").factory());
    }

    /** Starts the first worker, so that a program that cannot be started is known at once. */
    void open() throws AgentFailed, InterruptedException {
        lock.lockInterruptibly();
        try {
            start();
            Condition mine = lock.newCondition();
            waiting.addLast(mine);
            try {
                while (isStarting) {
                    mine.await();
                }
            } finally {
                leaveLine(mine);
            }
            if (stillborn > 0 && live.isEmpty()) {
                throw new AgentFailed("its program " + lastTrouble);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A worker for one turn; waits for it. To be given back by {@link #release}. */
    Worker take() throws AgentFailed, InterruptedException {
        lock.lockInterruptibly();
        try {
            Condition mine = lock.newCondition();
            waiting.addLast(mine);
            try {
                while (waiting.peekFirst() != mine) {
                    mine.await();
                }
                return first(mine);
            } finally {
                leaveLine(mine);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The first in line waits for a worker, and sees to it that there is one. */
    private Worker first(Condition mine) throws AgentFailed, InterruptedException {
        int stillbornBefore = stillborn;
        while (true) {
            if (isClosed) {
                throw new AgentFailed("the agent is closed");
            }
            Worker ready = idle.pollLast();
            if (ready != null) {
                return ready;
            }
            if (stillborn - stillbornBefore > program.retries()) {
                throw new AgentFailed("its program " + lastTrouble);
            }
            long wait = Long.MAX_VALUE;
            if (!isStarting && live.size() < program.workers()) {
                Optional<String> trouble = trouble();
                if (trouble.isPresent()) {
                    throw new AgentFailed(trouble.get());
                }
                wait = budget.waitNanos(System.nanoTime());
                if (wait == 0) {
                    start();
                    wait = Long.MAX_VALUE;
                }
            }
            mine.awaitNanos(wait);
        }
    }

    private void leaveLine(Condition mine) {
        waiting.remove(mine);
        wakeFirst();
    }

    private void wakeFirst() {
        Condition first = waiting.peekFirst();
        if (first != null) {
            first.signal();
        }
    }

    /** Takes back a worker after its turn. */
    void release(Worker worker) {
        lock.lock();
        try {
            if (!worker.isLost() && live.contains(worker)) {
                budget.worked();
                idle.addLast(worker);
                wakeFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void lost(Worker worker, WorkerLost why) {
        lock.lock();
        try {
            boolean wasOurs = live.remove(worker);
            idle.remove(worker);
            if (isClosed || !wasOurs) {
                return;
            }
            noteLoss(why);
            left.add(worker);
            if (worker.turns() == 0) {
                stillborn++;
            }
            log.warn(
                    "agent={} worker={} pid={} lost: its program {}",
                    agentId,
                    worker.number(),
                    worker.process().pid(),
                    why.getMessage());
            wakeFirst();
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().name("agent-" + agentId + "-end").start(() -> {
            try {
                if (why.loss() == Loss.MEMORY) {
                    rules.ending().forced(worker);
                } else {
                    rules.ending().asked(worker);
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** A turn is about to be given up, through no fault of the worker that has it. */
    void stopped(String messageId) {
        lock.lock();
        try {
            live.forEach(each -> each.stopped(messageId));
        } finally {
            lock.unlock();
        }
    }

    /** From time to time, by one thread: how much memory they take, and whether there is one at all. */
    void look(ProcTable table) {
        List<Worker> all;
        lock.lock();
        try {
            all = List.copyOf(live);
            boolean isNobodyThere = live.isEmpty() && !isStarting && !isClosed;
            if (isNobodyThere && waiting.isEmpty() && trouble().isEmpty() && budget.waitNanos(System.nanoTime()) == 0) {
                start();
            }
        } finally {
            lock.unlock();
        }
        all.forEach(each -> each.look(table));
    }

    Staff staff() {
        lock.lock();
        try {
            return new Staff(
                    program.workers(),
                    live.stream()
                            .map(each -> new Staff.Member(
                                    each.process().pid(), each.isBusy(), each.residentBytes(), each.turns()))
                            .toList(),
                    budget.within(System.nanoTime()),
                    trouble());
        } finally {
            lock.unlock();
        }
    }

    /** No more turns; every worker is told by the end of its input, and ended if that does not help. At most 9 s. */
    void close() {
        List<Worker> all;
        lock.lock();
        try {
            isClosed = true;
            all = List.copyOf(live);
            waiting.forEach(Condition::signal);
        } finally {
            lock.unlock();
        }
        var ending = new ArrayList<Thread>();
        for (Worker each : all) {
            ending.add(Thread.ofVirtual().name("agent-" + agentId + "-end").start(() -> {
                try {
                    rules.ending().atRest(each);
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        long end = System.nanoTime() + CLOSE_MAX.toNanos();
        try {
            for (Thread each : ending) {
                each.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        starter.shutdown();
    }

    /** Why there is nobody and nobody will be started now. */
    private Optional<String> trouble() {
        long now = System.nanoTime();
        left.removeIf(each -> !each.holdsThreads());
        if (left.size() >= LEFT_MAX) {
            return Optional.of("what its program has started goes on without it and holds its output open, "
                    + left.size() + " times; end it");
        }
        return live.isEmpty() && !isStarting && budget.isUsedUp(now)
                ? Optional.of("parked after " + budget.within(now) + " restarts within "
                        + minutes(rules.hour().toNanos()) + ", the next one is possible in "
                        + minutes(budget.waitNanos(now)) + "; at last its program " + lastTrouble)
                : Optional.empty();
    }

    private static String minutes(long nanos) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos);
        return seconds < 120 ? (seconds + 1) + " s" : seconds / 60 + " min";
    }

    /** On the one thread that may start programs, and with the lock held. */
    private void start() {
        isStarting = true;
        int number = ++numbers;
        budget.started(System.nanoTime());
        starter.execute(() -> {
            Worker started = null;
            String trouble = "";
            try {
                Process process = launcher.start(program);
                started =
                        new Worker(agentId, number, process, new ProcessTree(process.toHandle(), rules.proc()), means);
            } catch (IOException | RuntimeException | Error failed) {
                trouble = "could not be started: " + failed.getMessage();
            }
            started(started, trouble);
        });
    }

    private void started(@Nullable Worker worker, String trouble) {
        boolean isTooLate;
        lock.lock();
        try {
            isStarting = false;
            isTooLate = isClosed;
            if (worker == null) {
                stillborn++;
                noteLoss(new WorkerLost(Loss.CRASH, trouble));
                log.warn("agent={} its program {}", agentId, lastTrouble);
            } else if (!isTooLate) {
                live.add(worker);
                idle.addLast(worker);
            }
            wakeFirst();
        } finally {
            lock.unlock();
        }
        if (worker != null) {
            worker.listen();
            if (isTooLate) {
                worker.tree().end(true);
            }
        }
    }

    private void noteLoss(WorkerLost why) {
        lastTrouble = String.valueOf(why.getMessage());
        if (why.loss().counts()) {
            budget.lost(System.nanoTime());
        }
        meters.workerLost(agentId, why.loss().word());
    }
}
