package dev.patchbay.hub.agent;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.Reply;
import dev.patchbay.api.ReplySink;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.agent.TurnResult.Failed.Kind;
import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.usage.Admission;
import dev.patchbay.hub.usage.Bill;
import dev.patchbay.hub.usage.Charge;
import dev.patchbay.hub.usage.Purse;
import dev.patchbay.hub.usage.Tokens;
import dev.patchbay.hub.usage.Usage;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One agent behind its limits: places, circuit breaker, timeout. Whatever it does, it costs its own turn only. Safe for many
 * threads.
 */
final class GuardedAgent {
    private static final Logger log = LoggerFactory.getLogger(GuardedAgent.class);

    private final AgentSpec spec;
    private final Agent agent;
    private final ThreadFactory threads;
    private final Usage usage;
    private final Purse purse;
    private final Stopwatch stopwatch;
    private final CircuitBreaker breaker;
    private final Semaphore places;
    private final SecretMask mask;
    private final Optional<String> trouble;

    /** Opens when it is retired and no turn is under way any more. */
    private final CountDownLatch quiet = new CountDownLatch(1);

    private int turns;
    private boolean isRetired;

    /**
     * One try.
     *
     * @param hasShown whether pieces were shown, so that nobody else may answer any more
     */
    record Attempt(TurnResult result, boolean hasShown) {}

    private GuardedAgent(AgentSpec spec, Agent agent, Optional<String> trouble, Means means) {
        this.spec = spec;
        this.agent = agent;
        this.trouble = trouble;
        this.threads = means.threads();
        this.usage = means.usage();
        this.purse = usage.purse(spec.id());
        this.stopwatch = means.world().stopwatch();
        mask = new SecretMask(spec.settings());
        breaker = CircuitBreaker.of(
                "agent:" + spec.id(),
                CircuitBreakerConfig.custom()
                        .clock(means.world().clock())
                        .slidingWindowSize(spec.breakerFailures())
                        .minimumNumberOfCalls(spec.breakerFailures())
                        // Failures in a row: as long as some turns go well, the agent is not given up.
                        .failureRateThreshold(100)
                        .waitDurationInOpenState(spec.breakerWait())
                        .permittedNumberOfCallsInHalfOpenState(1)
                        // Slow is what the timeout says; the default would open after five good answers of 60 s. A task
                        // may take
                        // days.
                        .slowCallDurationThreshold(Agents.UNLIMITED)
                        .build());
        places = new Semaphore(spec.maxConcurrent(), true);
    }

    /** What all agents need; {@code threads} makes those that they run on. */
    record Means(World world, ThreadFactory threads, Usage usage) {}

    static GuardedAgent of(AgentSpec spec, Agent agent, Means means) {
        return new GuardedAgent(spec, agent, Optional.empty(), means);
    }

    /** Stands for one that could not be opened: fails every turn, so that its fallback answers. */
    static GuardedAgent missing(AgentSpec spec, String reason, Means means) {
        Agent nobody = (turn, sink) -> {
            throw new AgentFailed("could not be opened: " + reason);
        };
        return new GuardedAgent(spec, nobody, Optional.of(reason), means);
    }

    AgentSpec spec() {
        return spec;
    }

    /** Why it could not be opened. */
    Optional<String> trouble() {
        return trouble;
    }

    /** Announces a turn; false if another has taken this one's place. To be followed by {@link #leave}. */
    synchronized boolean enter() {
        if (!isRetired) {
            turns++;
        }
        return !isRetired;
    }

    synchronized void leave() {
        turns--;
        if (turns == 0 && isRetired) {
            quiet.countDown();
        }
    }

    /** Lets no turn enter any more and waits for those under way; false if some are still not over. */
    boolean retire(Duration wait) throws InterruptedException {
        synchronized (this) {
            isRetired = true;
            if (turns == 0) {
                return true;
            }
        }
        return stopwatch.await(quiet, wait);
    }

    Agent agent() {
        return agent;
    }

    int running() {
        return spec.maxConcurrent() - places.availablePermits();
    }

    AgentStatus.Breaker breaker() {
        return switch (breaker.getState()) {
            case OPEN, FORCED_OPEN -> AgentStatus.Breaker.OPEN;
            case HALF_OPEN -> AgentStatus.Breaker.HALF_OPEN;
            default -> AgentStatus.Breaker.CLOSED;
        };
    }

    /** As the metrics show it. */
    double breakerLevel() {
        return switch (breaker()) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }

    /**
     * Asks once, on this bill. Interrupted, it interrupts the agent and does not count the turn.
     *
     * @param most for the wait for a place and the answer together
     */
    Attempt ask(Turn turn, ReplySink sink, Duration most, Bill bill) throws InterruptedException {
        long began = stopwatch.nanos();
        Optional<Admission.Spent> spent = purse.spent();
        if (spent.isPresent()) {
            return refused(spent.get());
        }
        if (!breaker.tryAcquirePermission()) {
            return leftAlone();
        }
        boolean counted = false;
        try {
            if (!places.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS)) {
                counted = true;
                return late("no place free among " + spec.maxConcurrent(), most, began, false);
            }
            if (breaker.getState() == CircuitBreaker.State.OPEN) {
                // Opened while this turn waited for its place.
                places.release();
                return leftAlone();
            }
            Duration left = most.minusNanos(stopwatch.nanos() - began);
            if (!left.isPositive()) {
                places.release();
                counted = true;
                return late("no place free among " + spec.maxConcurrent(), most, began, false);
            }
            Admission.Seat seat;
            switch (admission(left)) {
                case Admission.Seat free -> seat = free;
                case Admission.Spent none -> {
                    places.release();
                    return refused(none);
                }
                case Admission.TooLate none -> {
                    places.release();
                    return notBegun(most);
                }
            }
            left = most.minusNanos(stopwatch.nanos() - began);
            AgentRun run = AgentRun.start(agent, turn, sink, threads, paying(seat, bill));
            boolean inTime = awaited(run, seat, left);
            counted = true;
            return inTime
                    ? judge(turn, run, began)
                    : late("no answer", most, began, run.gate().hasShown());
        } finally {
            if (!counted) {
                breaker.releasePermission();
            }
        }
    }

    private Admission admission(Duration most) throws InterruptedException {
        try {
            return purse.enter(most);
        } catch (InterruptedException stopped) {
            places.release();
            throw stopped;
        }
    }

    private boolean awaited(AgentRun run, Admission.Seat seat, Duration most) throws InterruptedException {
        boolean inTime = false;
        try {
            inTime = run.await(most, stopwatch);
            return inTime;
        } finally {
            if (!inTime) {
                seat.giveUp();
            }
        }
    }

    /** What comes too late for the turn is paid for nevertheless, by itself. */
    private AgentRun.Leaving paying(Admission.Seat seat, Bill bill) {
        return (answer, trouble, isInTime) -> {
            Charge charge = seat.end(used(answer, trouble));
            places.release();
            if (isInTime) {
                bill.add(charge);
            } else {
                usage.record(charge);
            }
        };
    }

    private static Tokens used(@Nullable Reply answer, @Nullable Throwable trouble) {
        return switch (trouble) {
            case AgentFailed failed -> new Tokens(failed.inputTokens(), failed.outputTokens());
            case null, default ->
                answer == null ? Tokens.NONE : new Tokens(answer.inputTokens(), answer.outputTokens());
        };
    }

    private Attempt judge(Turn turn, AgentRun run, long began) {
        TurnGate gate = run.gate();
        Throwable trouble = run.thrown();
        if (trouble == null) {
            try {
                TurnResult result = result(run.reply(), gate);
                breaker.onSuccess(stopwatch.nanos() - began, TimeUnit.NANOSECONDS);
                return new Attempt(result, gate.hasShown());
            } catch (Throwable broken) {
                trouble = broken;
            }
        }
        String reason = gate.isOverrun() ? "its answer is longer than 10 MB" : reason(trouble);
        if (!(trouble instanceof AgentFailed)) {
            // Without its message, which may quote what was said, or a secret.
            log.warn(
                    "Agent {} broke in the turn of message {}: {}{}", spec.id(), turn.messageId(), reason, at(trouble));
        }
        return failed(Kind.FAILED, reason, trouble, gate.hasShown(), began);
    }

    private TurnResult result(@Nullable Reply given, TurnGate gate) throws AgentFailed {
        Reply reply = ReplyRules.checked(given);
        String text = ReplyRules.text(reply);
        if (reply.messages().isEmpty() && !gate.hasShown()) {
            return new TurnResult.Silent(spec.id());
        }
        if (!gate.complete(text)) {
            throw new AgentFailed("the pieces it showed do not add up to its reply");
        }
        return new TurnResult.Answered(spec.id(), reply, text);
    }

    private Attempt leftAlone() {
        String reason = "left alone for " + spec.breakerWait().toSeconds() + " s after " + spec.breakerFailures()
                + " failures in a row";
        return new Attempt(new TurnResult.Failed(spec.id(), Kind.FAILED, reason, Optional.empty()), false);
    }

    private Attempt refused(Admission.Spent spent) {
        return new Attempt(
                new TurnResult.Failed(
                        spec.id(), Kind.BUDGET_SPENT, spent.reason(), Optional.empty(), Optional.of(spent)),
                false);
    }

    private Attempt notBegun(Duration most) {
        String reason = "turns under way may use up its budget, and did not end within " + millis(most);
        return new Attempt(new TurnResult.Failed(spec.id(), Kind.TIMED_OUT, reason, Optional.empty()), false);
    }

    private static String millis(Duration most) {
        return Math.round(most.toNanos() / 1e6) + " ms";
    }

    private Attempt late(String what, Duration most, long began, boolean hasShown) {
        String reason = what + " within " + millis(most);
        return failed(Kind.TIMED_OUT, reason, new TimeoutException(), hasShown, began);
    }

    private Attempt failed(Kind kind, String reason, Throwable cause, boolean hasShown, long began) {
        breaker.onError(stopwatch.nanos() - began, TimeUnit.NANOSECONDS, cause);
        if (breaker.getState() == CircuitBreaker.State.OPEN) {
            log.warn(
                    "Agent {} keeps failing and is left alone for {} s",
                    spec.id(),
                    spec.breakerWait().toSeconds());
        }
        return new Attempt(new TurnResult.Failed(spec.id(), kind, mask.line(reason), Optional.empty()), hasShown);
    }

    private static String reason(Throwable trouble) {
        return switch (trouble) {
            case AgentFailed failed when failed.getMessage() != null -> failed.getMessage();
            case AgentFailed nameless -> "no reason given";
            case InterruptedException stopped -> "it stopped by itself";
            default -> "it threw " + trouble.getClass().getSimpleName();
        };
    }

    private static String at(Throwable trouble) {
        StackTraceElement[] frames = trouble.getStackTrace();
        return frames.length == 0 ? "" : " at " + frames[0];
    }
}
