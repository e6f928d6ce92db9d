package dev.patchbay.hub.agent;

import dev.patchbay.api.ReplySink;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.agent.GuardedAgent.Attempt;
import dev.patchbay.hub.agent.TurnResult.Failed;
import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.usage.Bill;
import dev.patchbay.hub.usage.Usage;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks an agent, and its fallbacks one after the other, until one has answered. Safe for many threads. */
final class Asking {
    private static final Logger log = LoggerFactory.getLogger(Asking.class);

    private final Map<String, AgentSlot> agents;
    private final Meters meters;
    private final Stopwatch stopwatch;
    private final Usage usage;

    /**
     * How agents are asked.
     *
     * @param giveWay null for a turn that somebody waits for
     */
    record Manner(Patience patience, @Nullable Runnable giveWay, Bill bill) {}

    /** How long an agent may take now. */
    @FunctionalInterface
    interface Patience {
        Duration with(AgentSpec spec);
    }

    /**
     * Asks these.
     *
     * @param agents by id; complete before the first turn
     */
    Asking(Map<String, AgentSlot> agents, Meters meters, Stopwatch stopwatch, Usage usage) {
        this.agents = agents;
        this.meters = meters;
        this.stopwatch = stopwatch;
        this.usage = usage;
    }

    /** Runs one turn to its end; waits as long as {@code manner} says. */
    TurnResult answer(String agentId, Turn turn, ReplySink sink, Manner manner) throws InterruptedException {
        if (!agents.containsKey(agentId)) {
            return new Failed(agentId, Failed.Kind.FAILED, "there is no agent " + agentId, Optional.empty());
        }
        Attempt attempt = ask(agentId, turn, sink, manner);
        return attempt.result() instanceof Failed failed
                ? fallBack(slot(agentId).agent().spec(), failed, attempt, turn, sink, manner)
                : attempt.result();
    }

    private TurnResult fallBack(AgentSpec asked, Failed failed, Attempt first, Turn turn, ReplySink sink, Manner manner)
            throws InterruptedException {
        String id = asked.id();
        var tried = new HashSet<String>(Set.of(id));
        var reasons = new StringBuilder("agent ").append(id).append(": ").append(failed.reason());
        AgentSpec last = asked;
        Attempt attempt = first;
        while (!attempt.hasShown()) {
            String next = last.fallback().filter(agents::containsKey).orElse(null);
            if (next == null || !tried.add(next)) {
                break;
            }
            attempt = ask(next, turn, sink, manner);
            if (!(attempt.result() instanceof Failed also)) {
                return attempt.result();
            }
            reasons.append("; fallback ").append(next).append(": ").append(also.reason());
            last = slot(next).agent().spec();
        }
        if (failed.spent().isPresent()) {
            // The operator was told when it was spent; a peer that floods shall not fill the log.
            log.debug("No answer to message {}: {}", turn.messageId(), reasons);
        } else {
            log.warn("No answer to message {}: {}", turn.messageId(), reasons);
        }
        return new Failed(id, failed.kind(), reasons.toString(), peerText(asked, failed), failed.spent());
    }

    private Optional<String> peerText(AgentSpec asked, Failed failed) {
        String text = failed.spent().isPresent()
                ? usage.purse(asked.id()).spentText()
                : asked.onFailure() == AgentSpec.OnFailure.APOLOGISE ? asked.failureText() : "";
        return Optional.of(text).filter(each -> !each.isBlank());
    }

    private Attempt ask(String id, Turn turn, ReplySink sink, Manner manner) throws InterruptedException {
        long began = stopwatch.nanos();
        AgentSlot slot = slot(id);
        Runnable giveWay = manner.giveWay();
        if (giveWay == null) {
            slot.begin();
        } else {
            slot.beginAside(giveWay);
        }
        Attempt attempt;
        try {
            attempt = ask(slot, turn.agentId().equals(id) ? turn : to(id, turn), sink, manner);
        } finally {
            if (giveWay == null) {
                slot.end();
            } else {
                slot.endAside(giveWay);
            }
        }
        meters.turn(id, word(attempt.result()), Duration.ofNanos(stopwatch.nanos() - began));
        return attempt;
    }

    private static Attempt ask(AgentSlot slot, Turn turn, ReplySink sink, Manner manner) throws InterruptedException {
        GuardedAgent agent = entered(slot);
        Duration most = manner.patience().with(agent.spec());
        try {
            return manner.giveWay() == null
                    ? agent.ask(turn, sink, most, manner.bill())
                    : agent.askAside(turn, sink, most, manner.bill());
        } finally {
            agent.leave();
        }
    }

    /** Who answers now; with the turn announced, so that it is not closed meanwhile. */
    private static GuardedAgent entered(AgentSlot slot) {
        GuardedAgent agent = slot.agent();
        while (!agent.enter()) {
            agent = slot.agent();
        }
        return agent;
    }

    private AgentSlot slot(String id) {
        return Objects.requireNonNull(agents.get(id), id);
    }

    private static String word(TurnResult result) {
        return switch (result) {
            case TurnResult.Answered answered -> "ok";
            case TurnResult.Silent silent -> "silent";
            case Failed failed ->
                switch (failed.kind()) {
                    case FAILED -> "failed";
                    case TIMED_OUT -> "timed_out";
                    case BUDGET_SPENT -> "budget_spent";
                    case STOPPED, INTERRUPTED -> "stopped";
                };
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
}
