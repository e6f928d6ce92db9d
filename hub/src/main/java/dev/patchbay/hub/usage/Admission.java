package dev.patchbay.hub.usage;

import java.time.Instant;

/** Whether an agent may be asked. */
public sealed interface Admission {

    /** It may. */
    non-sealed interface Seat extends Admission {

        /** The agent is through with it, well or not. To be called exactly once, by any thread; never blocks. */
        Charge end(Tokens used);

        /** Nobody waits for the agent any more, so nobody else shall wait for its end either; what it uses still counts. */
        void giveUp();
    }

    /** Not before the others that are asked now are through: only then it is known what is left. */
    record TooLate() implements Admission {}

    /**
     * It may not, until the budget begins anew.
     *
     * @param spent what was spent, at least the limit
     */
    record Spent(String agentId, Budget budget, Amount spent, Amount limit, String currency, Instant resetsAt)
            implements Admission {

        /** For operators and callers of the API. */
        public String reason() {
            return "its " + budget.word() + " budget of " + limit + " " + currency + " is spent until " + resetsAt;
        }
    }
}
