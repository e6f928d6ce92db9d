package dev.patchbay.hub.agent;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.Settings;
import java.util.HashMap;
import java.util.Map;

/** Agents that do what a test says, each under its id. */
public final class ScriptedPlugin implements AgentPlugin {
    private final Map<String, Agent> agents = new HashMap<>();

    /** The one plugin of a test with one agent, whatever its id. */
    public static AgentPlugin of(String type, Agent agent) {
        return new OneAgent(type, agent);
    }

    private record OneAgent(String type, Agent agent) implements AgentPlugin {
        @Override
        public String settingsSchema() {
            return "{}";
        }

        @Override
        public Agent open(String agentId, Settings settings) {
            return agent;
        }
    }

    ScriptedPlugin with(String id, Agent agent) {
        agents.put(id, agent);
        return this;
    }

    @Override
    public String type() {
        return "scripted";
    }

    @Override
    public String settingsSchema() {
        return "{}";
    }

    @Override
    public Agent open(String agentId, Settings settings) {
        Agent agent = agents.get(agentId);
        if (agent == null) {
            throw new IllegalStateException(
                    "no script for it; its password is " + settings.text("password", "unknown"));
        }
        return agent;
    }
}
