package dev.patchbay.hub.routing;

import dev.patchbay.hub.tenant.Tenants;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * The rules in the order in which they were written, and everything that is wrong with them. Immutable.
 *
 * @param bindings those without errors; their {@link Binding#index()} counts the others too
 * @param problems in the order of the list
 */
public record BindingTable(List<Binding> bindings, List<BindingProblem> problems) {
    /** More rules are refused. */
    public static final int SIZE_MAX = 10_000;

    /** No rules: everything goes to the default agent. */
    public static final BindingTable EMPTY = new BindingTable(List.of(), List.of());

    public BindingTable {
        bindings = List.copyOf(bindings);
        problems = List.copyOf(problems);
    }

    /**
     * Reads rules from plain trees (maps, lists, texts, numbers) as YAML and JSON give them. Never throws for what is in them.
     *
     * @param trees {@code {agent, match: {channel, account, peer: {kind, id}, guild, team, roles}, session: {dm-scope}}}; the
     *     wire's spelling {@code dm_scope} is read too
     * @param agents the ids that a rule may name
     * @param place says for people where the rule with this index was written
     */
    public static BindingTable parse(List<?> trees, Collection<String> agents, IntFunction<String> place) {
        return parse(trees, agents, Tenants.one(""), place);
    }

    /** Likewise; a rule that leads from one tenant to another is an error. */
    public static BindingTable parse(
            List<?> trees, Collection<String> agents, Tenants tenants, IntFunction<String> place) {
        var bindings = new ArrayList<Binding>();
        var problems = new ArrayList<BindingProblem>();
        Set<String> known = Set.copyOf(agents);
        for (int i = 0; i < Math.min(trees.size(), SIZE_MAX); i++) {
            new BindingReader(i, place.apply(i), known, tenants, problems)
                    .read(trees.get(i))
                    .ifPresent(bindings::add);
        }
        if (trees.size() > SIZE_MAX) {
            problems.add(new BindingProblem(
                    SIZE_MAX,
                    place.apply(SIZE_MAX),
                    "bindings",
                    "there are " + trees.size() + " rules, and " + SIZE_MAX + " are the limit",
                    "join some of them",
                    BindingProblem.Severity.ERROR));
        }
        problems.addAll(Shadows.in(bindings));
        problems.sort(Comparator.comparingInt(BindingProblem::index));
        return new BindingTable(bindings, problems);
    }

    /** These rules alone, with their places; what was wrong with others is left out. */
    BindingTable only(Predicate<Binding> seen) {
        return new BindingTable(bindings.stream().filter(seen).toList(), List.of());
    }

    /** True if a rule cannot be used. */
    public boolean hasErrors() {
        return problems.stream().anyMatch(BindingProblem::isError);
    }
}
