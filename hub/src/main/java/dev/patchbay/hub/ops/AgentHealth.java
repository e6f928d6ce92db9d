package dev.patchbay.hub.ops;

import dev.patchbay.hub.agent.AgentStatus;
import dev.patchbay.hub.agent.Agents;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** An agent that cannot answer makes the hub degraded, never down: the others do. */
public final class AgentHealth implements HealthSource {
    private final Agents agents;

    public AgentHealth(Agents agents) {
        this.agents = agents;
    }

    @Override
    public String name() {
        return "agents";
    }

    @Override
    public HealthPart check() {
        List<AgentStatus> all = agents.status();
        Map<String, Object> facts = new LinkedHashMap<>();
        all.forEach(each -> facts.put(each.id(), each.stateWord()));
        String troubled = all.stream()
                .filter(each -> each.trouble().isPresent())
                .map(each -> each.id() + ": " + each.trouble().get())
                .collect(Collectors.joining(", "));
        return troubled.isEmpty() ? HealthPart.ok(facts) : new HealthPart(HealthStatus.DEGRADED, troubled, facts);
    }
}
