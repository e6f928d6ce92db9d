package dev.patchbay.hub.config;

import java.util.ArrayList;
import java.util.List;

/**
 * What loading found.
 *
 * @param config always whole: a default stands where something is wrong. Good for further checks, and for running only if there
 *     are no errors.
 * @param problems everything that is wrong, in the order of the file
 * @param places where each value was written
 * @param variables the environment variables that the file asks for
 */
public record LoadedConfig(HubConfig config, List<Problem> problems, Places places, List<Variable> variables) {

    public LoadedConfig {
        problems = problems.stream().distinct().sorted(Problem.IN_ORDER).toList();
        variables = List.copyOf(variables);
    }

    /** True if the hub must not start with it. */
    public boolean hasErrors() {
        return problems.stream().anyMatch(Problem::isError);
    }

    /** With further problems, found by those who know more than the configuration itself. */
    public LoadedConfig with(List<Problem> more) {
        var all = new ArrayList<>(problems);
        all.addAll(more);
        return new LoadedConfig(config, all, places, variables);
    }

    /** With what plugins say about their own sections. */
    public LoadedConfig checkedBy(SettingsCheck check) {
        var found = new ArrayList<Problem>();
        config.agents().values().forEach(agent -> found.addAll(check.agent(agent, places)));
        config.channels().values().forEach(channel -> found.addAll(check.channel(channel, places)));
        return with(found);
    }
}
