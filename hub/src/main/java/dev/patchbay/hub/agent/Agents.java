package dev.patchbay.hub.agent;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.ReplySink;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.agent.GuardedAgent.Attempt;
import dev.patchbay.hub.agent.TurnResult.Failed;
import dev.patchbay.hub.metrics.Meters;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All agents of the configuration. Safe for many threads.
 *
 * <p>A turn first needs its agent's circuit breaker, then one of its places; the wait for a place is part of the timeout. A turn
 * that is too late is given up: the agent is interrupted, and if it goes on nevertheless it keeps its place but reaches nobody.
 * A failed turn goes to the fallback, which has limits of its own, unless pieces of an answer were shown already.
 */
public final class Agents implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Agents.class);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

    private final Map<String, GuardedAgent> agents;
    private final Map<String, String> troubles;
    private final Meters meters;
    private final ThreadFactory threads;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Agents(
            Map<String, GuardedAgent> agents, Map<String, String> troubles, Meters meters, ThreadFactory threads) {
        this.agents = agents;
        this.troubles = troubles;
        this.meters = meters;
        this.threads = threads;
    }

    /**
     * Opens every agent, one after the other. One that cannot be opened is there and fails every turn, so that its fallback
     * answers.
     *
     * @param plugins by type
     * @param clock for the circuit breakers
     * @param threads makes the virtual threads that agents run on
     */
    public static Agents open(
            List<AgentSpec> specs, Map<String, AgentPlugin> plugins, Meters meters, Clock clock, ThreadFactory threads)
            throws InterruptedException {
        var opened = new LinkedHashMap<String, GuardedAgent>();
        var troubles = new LinkedHashMap<String, String>();
        for (AgentSpec spec : specs) {
            Agent agent;
            try {
                agent = Opening.open(spec, plugins.get(spec.type()), threads);
            } catch (AgentFailed trouble) {
                String reason = String.valueOf(trouble.getMessage());
                log.error("Agent {} could not be opened: {}", spec.id(), reason);
                troubles.put(spec.id(), reason);
                agent = (turn, sink) -> {
                    throw new AgentFailed("could not be opened: " + reason);
                };
            }
            var guarded = new GuardedAgent(spec, agent, clock, threads);
            opened.put(spec.id(), guarded);
            Map<String, String> name = Map.of("name", "agent:" + spec.id());
            meters.gauge("patchbay_breaker_state", name, guarded::breakerLevel);
        }
        return new Agents(opened, troubles, meters, threads);
    }

    public boolean knows(String agentId) {
        return agents.containsKey(agentId);
    }

    /** In the order of the configuration. */
    public Set<String> ids() {
        return Collections.unmodifiableSet(agents.keySet());
    }

    public List<AgentStatus> status() {
        return agents.values().stream()
                .map(each -> new AgentStatus(
                        each.spec().id(),
                        each.spec().type(),
                        each.breaker(),
                        each.running(),
                        each.spec().maxConcurrent(),
                        each.spec().timeout(),
                        each.spec().fallback(),
                        Optional.ofNullable(troubles.get(each.spec().id()))))
                .toList();
    }

    /**
     * Runs one turn and waits for its end: at most the timeout of the agent and those of its fallbacks. Interrupted, it
     * interrupts the agent and leaves at once.
     *
     * @param sink gets the answer, in one piece if the agent does not stream; from the agent's thread or the caller's, by one
     *     thread at a time, and never after this method has returned
     */
    public TurnResult run(String agentId, Turn turn, ReplySink sink) throws InterruptedException {
        GuardedAgent asked = agents.get(agentId);
        if (asked == null) {
            return new Failed(agentId, Failed.Kind.FAILED, "there is no agent " + agentId, Optional.empty());
        }
        Attempt attempt = ask(asked, turn, sink);
        return attempt.result() instanceof Failed failed
                ? fallBack(asked, failed, attempt, turn, sink)
                : attempt.result();
    }

    /** Closes every agent, side by side; waits at most 10 s. Called again, does nothing. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        var closing = new ArrayList<Thread>();
        agents.values().forEach(each -> {
            Thread thread = threads.newThread(() -> close(each));
            thread.setName("agent-close-" + each.spec().id());
            thread.start();
            closing.add(thread);
        });
        long end = System.nanoTime() + CLOSE_MAX.toNanos();
        try {
            for (Thread each : closing) {
                if (!each.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
                    log.warn("{} does not end and is left behind", each.getName());
                    each.interrupt();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private TurnResult fallBack(GuardedAgent asked, Failed failed, Attempt first, Turn turn, ReplySink sink)
            throws InterruptedException {
        String id = asked.spec().id();
        var tried = new HashSet<String>(Set.of(id));
        var reasons = new StringBuilder("agent ").append(id).append(": ").append(failed.reason());
        GuardedAgent last = asked;
        Attempt attempt = first;
        while (!attempt.hasShown()) {
            GuardedAgent next = last.spec().fallback().map(agents::get).orElse(null);
            if (next == null || !tried.add(next.spec().id())) {
                break;
            }
            attempt = ask(next, turn, sink);
            if (!(attempt.result() instanceof Failed also)) {
                return attempt.result();
            }
            reasons.append("; fallback ").append(next.spec().id()).append(": ").append(also.reason());
            last = next;
        }
        log.warn("No answer to message {}: {}", turn.messageId(), reasons);
        Optional<String> peerText = asked.spec().onFailure() == AgentSpec.OnFailure.APOLOGISE
                ? Optional.of(asked.spec().failureText()).filter(text -> !text.isBlank())
                : Optional.empty();
        return new Failed(id, failed.kind(), reasons.toString(), peerText);
    }

    private Attempt ask(GuardedAgent agent, Turn turn, ReplySink sink) throws InterruptedException {
        String id = agent.spec().id();
        long began = System.nanoTime();
        Attempt attempt = agent.ask(turn.agentId().equals(id) ? turn : to(id, turn), sink);
        meters.turn(id, word(attempt.result()), Duration.ofNanos(System.nanoTime() - began));
        if (attempt.result() instanceof TurnResult.Answered answered) {
            meters.tokens(id, answered.reply().inputTokens(), answered.reply().outputTokens());
        }
        return attempt;
    }

    private static String word(TurnResult result) {
        return switch (result) {
            case TurnResult.Answered answered -> "ok";
            case TurnResult.Silent silent -> "silent";
            case Failed failed -> failed.kind() == Failed.Kind.TIMED_OUT ? "timed_out" : "failed";
        };
    }

    private static Turn to(String agentId, Turn turn) {
        return new Turn(
                turn.messageId(),
                turn.sessionKey(),
                agentId,
                turn.channel(),
                turn.accountId(),
                turn.peer(),
                turn.sender(),
                turn.text(),
                turn.attachments(),
                turn.history());
    }

    private static void close(GuardedAgent guarded) {
        try {
            guarded.agent().close();
        } catch (Throwable anything) {
            log.warn(
                    "Agent {} broke while closing: {}",
                    guarded.spec().id(),
                    anything.getClass().getName());
        }
    }
}
