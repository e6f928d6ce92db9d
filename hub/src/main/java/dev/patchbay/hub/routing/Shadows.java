package dev.patchbay.hub.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds rules that can never win because an earlier one of the same tier matches everything that they match.
 *
 * <p>Another tier cannot do that: a rule of a more specific tier asks for something that the other one leaves open.
 */
final class Shadows {
    private Shadows() {}

    static List<BindingProblem> in(List<Binding> bindings) {
        var problems = new ArrayList<BindingProblem>();
        var earlier = new HashMap<Door, List<Binding>>();
        for (Binding binding : bindings) {
            List<Binding> rivals = earlier.computeIfAbsent(Door.of(binding.match()), _ -> new ArrayList<>());
            Binding winner = firstCovering(rivals, binding.match());
            if (winner == null) {
                // A rule that never wins is not needed to find others: its winner covers what it covers.
                rivals.add(binding);
            } else {
                problems.add(problem(binding, winner));
            }
        }
        return problems;
    }

    private static @Nullable Binding firstCovering(List<Binding> rivals, Match match) {
        for (Binding rival : rivals) {
            if (rival.match().covers(match)) {
                return rival;
            }
        }
        return null;
    }

    private static BindingProblem problem(Binding binding, Binding winner) {
        boolean same = binding.match().covers(winner.match());
        String first = "bindings[" + winner.index() + "] (" + winner.place() + ")";
        return new BindingProblem(
                binding.index(),
                binding.place(),
                "bindings[" + binding.index() + "].match",
                same
                        ? "is a duplicate: " + first + " matches the same and comes first"
                        : "is shadowed: " + first + " comes first and matches all of it",
                same ? "remove one of the two" : "move it before the other, or remove it",
                BindingProblem.Severity.WARNING);
    }
}
