package dev.patchbay.hub.usage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How an agent stands with its money.
 *
 * @param currency of the costs; empty: there is no price, and no cost
 * @param budgets those that it has
 */
public record PurseStatus(
        long tokensToday,
        long tokensMonth,
        Amount costToday,
        Amount costMonth,
        Optional<String> currency,
        List<BudgetStatus> budgets) {
    public PurseStatus {
        budgets = List.copyOf(budgets);
    }

    /**
     * One budget.
     *
     * @param isWarned whether so much is spent that the operator is warned
     */
    public record BudgetStatus(Budget budget, Amount spent, Amount limit, boolean isWarned, Instant resetsAt) {

        public boolean isSpent() {
            return !spent.isLessThan(limit);
        }

        /** On the wire: ok, warning or spent. */
        public String stateWord() {
            return isSpent() ? "spent" : isWarned ? "warning" : "ok";
        }
    }
}
