package dev.patchbay.api;

import java.util.List;
import org.pf4j.ExtensionPoint;

/**
 * A kind of agent. Implementations carry PF4J's {@code @Extension} and have a public constructor without arguments. Called by
 * one thread at a time.
 */
public interface AgentPlugin extends ExtensionPoint {

    /** The word after {@code type:} in an agent's configuration: {@code [a-z0-9][a-z0-9-]{0,31}}. */
    String type();

    /** JSON Schema (draft 2020-12) of the agent's settings besides those that every agent has. */
    String settingsSchema();

    /** Says what keeps these settings from working beyond what the schema can say. Without network and side effects. */
    default List<SettingProblem> check(Settings settings) {
        return List.of();
    }

    /**
     * Makes an agent ready. May block, bounded by {@code plugins.start-timeout}.
     *
     * @param agentId the agent's name in the configuration
     * @throws Exception if it cannot work; the message is shown to the operator, so it must hold no secret
     */
    Agent open(String agentId, Settings settings) throws Exception;

    /**
     * As {@link #open(String, Settings)}, with what the hub offers; this is the one that the hub calls.
     *
     * @param host to be used as long as the agent is open
     */
    default Agent open(String agentId, Settings settings, AgentHost host) throws Exception {
        return open(agentId, settings);
    }
}
