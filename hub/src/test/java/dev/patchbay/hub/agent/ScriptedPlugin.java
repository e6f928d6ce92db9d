package dev.patchbay.hub.agent;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.Settings;
import java.util.HashMap;
import java.util.Map;

/** Agents that do what a test says, each under its id. */
final class ScriptedPlugin implements AgentPlugin {
    private final Map<String, Agent> agents = new HashMap<>();

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
