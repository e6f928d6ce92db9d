package dev.patchbay.hub;

import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.config.Problem;
import dev.patchbay.hub.config.SettingsCheck;
import dev.patchbay.hub.routing.BindingProblem;
import dev.patchbay.hub.routing.BindingTable;
import dev.patchbay.hub.routing.IdentityLinks;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with a configuration beyond what it can see itself. */
final class Checks {
    private Checks() {}

    /** The configuration with everything that plugins and routing say about it. */
    static LoadedConfig checked(LoadedConfig loaded, SettingsCheck plugins) {
        return loaded.checkedBy(plugins).with(bindings(loaded));
    }

    /** The rules of the file; those with errors are not in it. */
    static BindingTable table(LoadedConfig loaded) {
        var bindings = loaded.config().bindings();
        return BindingTable.parse(
                bindings.rules(),
                loaded.config().agents().keySet(),
                index -> index < bindings.places().size() ? bindings.places().get(index) : "bindings");
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
