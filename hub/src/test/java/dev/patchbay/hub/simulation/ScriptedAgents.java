package dev.patchbay.hub.simulation;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.Reply;
import dev.patchbay.api.ReplySink;
import dev.patchbay.api.Settings;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.agent.AgentSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Agents that answer by the script, quickly or slowly, fail, hang, or heed no interrupt. Of one life of the hub. */
final class ScriptedAgents implements AgentPlugin {
    static final String TYPE = "scripted";
    static final String MAIN = "main";
    private static final String BACKUP = "backup";
    private static final Duration FOR_EVER = Duration.ofMinutes(2);

    /** The longest answer takes less than the timeout. */
    private static final Duration PIECE_MAX = Duration.ofMillis(600);

    private static final int PIECES_MAX = 25;

    private final Life hub;
    private final Chance chance;
    private final Plan.AgentPlan plan;
    private final Storm storm;
    private final Judge judge;

    ScriptedAgents(Life hub, Chance chance, Plan.AgentPlan plan, Storm storm, Judge judge) {
        this.hub = hub;
        this.chance = chance;
        this.plan = plan;
        this.storm = storm;
        this.judge = judge;
    }

    static List<AgentSpec> specs(Plan.AgentPlan plan) {
        return List.of(
                spec(MAIN, plan, plan.maxConcurrent(), Optional.of(BACKUP)), spec(BACKUP, plan, 100, Optional.empty()));
    }

    private static AgentSpec spec(String id, Plan.AgentPlan plan, int maxConcurrent, Optional<String> fallback) {
        return new AgentSpec(
                id,
                TYPE,
                Duration.ofSeconds(30),
                plan.timeout(),
                maxConcurrent,
                fallback,
                AgentSpec.OnFailure.APOLOGISE,
                Script.APOLOGY,
                3,
                Duration.ofSeconds(10),
                Settings.EMPTY);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String settingsSchema() {
        return "{}";
    }

    @Override
    public Agent open(String agentId, Settings settings) {
        return this::reply;
    }

    private Reply reply(Turn turn, ReplySink sink) throws AgentFailed, InterruptedException {
        judge.turnBegins(turn.sessionKey(), turn.text());
        boolean told = false;
        try {
            return answer(turn, sink);
        } catch (InterruptedException toldToStop) {
            judge.turnEnds(turn.sessionKey());
            told = true;
            if (chance.happens(plan.isDeaf())) {
                storm.fault("agent " + turn.agentId() + " goes on although it was told to stop");
                hub.sleep(chance.upTo(FOR_EVER));
            }
            throw toldToStop;
        } finally {
            if (!told) {
                judge.turnEnds(turn.sessionKey());
            }
        }
    }

    private Reply answer(Turn turn, ReplySink sink) throws AgentFailed, InterruptedException {
        List<String> messages = Script.answer(turn.agentId(), turn.text());
        if (chance.happens(0.3)) {
            turn.history().latest(10);
        }
        hub.sleep(chance.upTo(Duration.ofMillis(200)));
        if (!storm.isOver()) {
            misbehave(turn);
        }
        if (!messages.isEmpty() && chance.happens(plan.isSlow())) {
            stream(String.join("\n\n", messages), sink);
        }
        return new Reply(
                messages.stream()
                        .map(text -> new Reply.Message(text, List.of()))
                        .toList(),
                0,
                0);
    }

    private void misbehave(Turn turn) throws AgentFailed, InterruptedException {
        if (chance.happens(plan.fails())) {
            storm.fault("agent " + turn.agentId() + " fails");
            throw new AgentFailed("as the plan wants it");
        }
        if (chance.happens(plan.breaks())) {
            storm.fault("agent " + turn.agentId() + " breaks");
            throw new IllegalStateException("as the plan wants it");
        }
        if (chance.happens(plan.hangs())) {
            storm.fault("agent " + turn.agentId() + " hangs");
            hub.sleep(FOR_EVER);
        }
    }

    private void stream(String text, ReplySink sink) throws InterruptedException {
        int from = 0;
        while (from < text.length()) {
            // Also the answer to many questions at once is given in time.
            int to = Math.min(text.length(), from + Math.max(chance.between(20, 100), text.length() / PIECES_MAX));
            sink.delta(text.substring(from, to));
            from = to;
            hub.sleep(chance.upTo(PIECE_MAX));
        }
    }
}
