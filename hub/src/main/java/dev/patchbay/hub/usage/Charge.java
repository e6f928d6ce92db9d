package dev.patchbay.hub.usage;

import dev.patchbay.hub.store.Increase;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;

/** What one question has used and cost: counted in memory already, on disk not yet. */
public final class Charge {
    private final Purse purse;
    private final LocalDate day;
    private final Tokens tokens;
    private final Amount cost;

    Charge(Purse purse, LocalDate day, Tokens tokens, Amount cost) {
        this.purse = purse;
        this.day = day;
        this.tokens = tokens;
        this.cost = cost;
    }

    Purse purse() {
        return purse;
    }

    LocalDate day() {
        return day;
    }

    Tokens tokens() {
        return tokens;
    }

    Amount cost() {
        return cost;
    }

    boolean isNothing() {
        return tokens.isNone();
    }

    /** As the store counts it: a note for each day and currency, a scope for each month. */
    Increase increase() {
        return new Increase(
                scope(purse.agentId(), day),
                day + " " + purse.allowance().currency(),
                List.of(tokens.input(), tokens.output(), cost.nanos(), 1L));
    }

    static String scope(String agentId, LocalDate day) {
        return "usage/" + agentId + "/" + YearMonth.from(day);
    }
}
