package dev.patchbay.hub.config;

import dev.patchbay.hub.config.HubConfig.AgentConfig;
import dev.patchbay.hub.config.HubConfig.Breaker;
import dev.patchbay.hub.config.HubConfig.Busy;
import dev.patchbay.hub.config.HubConfig.OnFailure;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the section {@code agents} and checks who stands in for whom. */
final class AgentsReader {
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

    private AgentsReader() {}

    static Map<String, AgentConfig> read(Section sections) {
        var agents = new LinkedHashMap<String, AgentConfig>();
        for (String id : sections.names()) {
            Section section = sections.section(id);
            if (!ID.matcher(id).matches()) {
                sections.wrong(id, "no name for an agent", "take a-z, 0-9, - and _, at most 64, no - or _ in front");
            }
            if (section.exists()) {
                agents.put(id, agent(id, section));
            }
        }
        agents.values().forEach(agent -> checkFallback(agent, agents, sections.section(agent.id())));
        return agents;
    }

    static String defaultAgent(Section root, Collection<String> agents) {
        String id = root.value("default-agent", (text, key) -> text);
        if (agents.isEmpty()) {
            root.wrong(
                    "agents", "there is no agent", "write agents: { main: { type: echo } }, or leave the section out");
        } else if (!agents.contains(id)) {
            root.wrong(
                    "default-agent",
                    "there is no agent " + root.quoted("default-agent", id),
                    "write default-agent: NAME; " + Nearest.cure(id, agents));
        }
        return id;
    }

    private static AgentConfig agent(String id, Section section) {
        Section breaker = section.section("breaker");
        breaker.refuseUnknown();
        return new AgentConfig(
                id,
                section.required("type", "write type: echo, or another type of agent"),
                section.value("timeout", Values::duration),
                section.value("max-concurrent", Values::number),
                section.text("fallback"),
                section.value("on-failure", Values.constant(OnFailure.class)),
                section.value("failure-text", (text, key) -> text),
                new Breaker(breaker.value("failures", Values::number), breaker.value("wait", Values::duration)),
                SpendingReader.read(section),
                section.value("busy", Values.constant(Busy.class)),
                section.rest(),
                section.place());
    }

    private static void checkFallback(AgentConfig agent, Map<String, AgentConfig> agents, Section section) {
        if (agent.fallback().isEmpty()) {
            return;
        }
        String first = agent.fallback().get();
        if (!agents.containsKey(first)) {
            section.wrong(
                    "fallback",
                    "there is no agent " + section.quoted("fallback", first),
                    Nearest.cure(first, agents.keySet()));
            return;
        }
        Set<String> chain = new LinkedHashSet<>();
        chain.add(agent.id());
        Optional<String> next = agent.fallback();
        while (next.isPresent() && agents.containsKey(next.get()) && chain.add(next.get())) {
            next = agents.get(next.get()).fallback();
        }
        if (next.isPresent() && next.get().equals(agent.id())) {
            section.wrong(
                    "fallback",
                    "the agents stand in for each other in a circle: " + String.join(" > ", chain) + " > " + agent.id(),
                    "let the last one have no fallback");
        }
    }
}
