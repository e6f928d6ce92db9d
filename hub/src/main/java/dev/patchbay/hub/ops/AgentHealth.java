package dev.patchbay.hub.ops;

import dev.patchbay.hub.agent.AgentStatus;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.usage.PurseStatus.BudgetStatus;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        all.forEach(each -> facts.put(each.id(), word(each)));
        boolean isTroubled = all.stream().anyMatch(each -> trouble(each).isPresent());
        String detail = all.stream()
                .flatMap(each -> trouble(each).or(() -> warning(each)).map(what -> each.id() + ": " + what).stream())
                .collect(Collectors.joining(", "));
        return new HealthPart(isTroubled ? HealthStatus.DEGRADED : HealthStatus.OK, detail, facts);
    }

    private static String word(AgentStatus agent) {
        return agent.trouble().isEmpty() && spent(agent).isPresent() ? "budget_spent" : agent.stateWord();
    }

    private static Optional<String> trouble(AgentStatus agent) {
        return agent.trouble().or(() -> spent(agent)
                .map(each -> "its " + each.budget().word() + " budget is spent until " + each.resetsAt()));
    }

    private static Optional<BudgetStatus> spent(AgentStatus agent) {
        return agent.purse().budgets().stream()
                .filter(BudgetStatus::isSpent)
                .max(Comparator.comparing(BudgetStatus::resetsAt));
    }

    private static Optional<String> warning(AgentStatus agent) {
        return agent.purse().budgets().stream()
                .filter(BudgetStatus::isWarned)
                .map(each -> each.spent() + " of its " + each.budget().word() + " budget of " + each.limit() + " "
                        + agent.purse().currency().orElse("") + " are spent")
                .findFirst();
    }
}
