package dev.patchbay.hub;

import dev.patchbay.hub.agent.process.ProcessAgentPlugin;
import dev.patchbay.hub.config.HubConfig.AgentConfig;
import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.config.Problem;
import dev.patchbay.hub.config.SettingsCheck;
import dev.patchbay.hub.routing.BindingProblem;
import dev.patchbay.hub.routing.BindingTable;
import dev.patchbay.hub.routing.IdentityLinks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is wrong with a configuration beyond what it can see itself. */
final class Checks {
    private Checks() {}

    /** The configuration with everything that plugins and routing say about it. */
    static LoadedConfig checked(LoadedConfig loaded, SettingsCheck plugins) {
        return loaded.checkedBy(plugins)
                .with(bindings(loaded))
                .with(PulseRoom.problems(loaded))
                .with(TenantChecks.of(loaded, table(loaded)));
    }

    /** What is wrong with a configuration, as programs read it. */
    static Map<String, Object> report(LoadedConfig checked) {
        var report = new LinkedHashMap<String, Object>();
        report.put("ok", !checked.hasErrors());
        report.put(
                "problems",
                checked.problems().stream()
                        .map(problem -> Map.<String, Object>of(
                                "severity", problem.isError() ? "error" : "warning",
                                "place", problem.place(),
                                "key", problem.key(),
                                "message", problem.message(),
                                "cure", problem.cure()))
                        .toList());
        return report;
    }

    /** The rules of the file; those with errors are not in it. */
    static BindingTable table(LoadedConfig loaded) {
        var bindings = loaded.config().bindings();
        return BindingTable.parse(
                bindings.rules(),
                loaded.config().agents().keySet(),
                loaded.config().tenants(),
                index -> index < bindings.places().size() ? bindings.places().get(index) : "bindings");
    }

    /**
     * Programs of agents that could not be started on this machine. Only said by those who check: at the start such an agent is
     * shown as failed, and the others go on.
     */
    static List<Problem> programs(LoadedConfig loaded) {
        var problems = new ArrayList<Problem>();
        for (AgentConfig agent : loaded.config().agents().values()) {
            if (agent.type().equals(ProcessAgentPlugin.TYPE)) {
                ProcessAgentPlugin.obstacle(agent.settings(), System.getenv())
                        .ifPresent(what ->
                                problems.addAll(loaded.places().located(SettingsCheck.keyOf(agent), List.of(what))));
            }
        }
        return problems;
    }

    private static List<Problem> bindings(LoadedConfig loaded) {
        var problems = new ArrayList<Problem>();
        for (BindingProblem each : table(loaded).problems()) {
            problems.add(
                    each.isError()
                            ? Problem.error(each.place(), each.key(), each.message(), each.cure())
                            : Problem.warning(each.place(), each.key(), each.message(), each.cure()));
        }
        IdentityLinks.parse(
                loaded.config().sessions().identityLinks(),
                (name, wrong) -> problems.add(loaded.places()
                        .error("sessions.identity-links." + name, wrong, "a person's ids read CHANNEL:PEER")));
        return problems;
    }
}
