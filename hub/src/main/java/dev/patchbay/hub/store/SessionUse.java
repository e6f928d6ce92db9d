package dev.patchbay.hub.store;

/**
 * What the turns of one session have used. Sums end at {@link Increase#MOST} instead of overflowing.
 *
 * @param input tokens read
 * @param output tokens written
 * @param costNanos billionths of the currency; meaningless without one
 * @param currency empty: no agent had a price; {@link #MIXED}: they were paid in different money
 */
public record SessionUse(long input, long output, long costNanos, String currency) {
    public static final SessionUse NONE = new SessionUse(0, 0, 0, "");

    /** Stands for the currency of what cannot be added. */
    public static final String MIXED = "*";

    public SessionUse {
        input = Math.clamp(input, 0, Increase.MOST);
        output = Math.clamp(output, 0, Increase.MOST);
        costNanos = Math.clamp(costNanos, 0, Increase.MOST);
    }

    /** Whether there is a cost in one currency. */
    public boolean hasCost() {
        return !currency.isEmpty() && !currency.equals(MIXED);
    }

    /** Both together. */
    public SessionUse plus(SessionUse more) {
        String money = more.currency.isEmpty() || more.currency.equals(currency)
                ? currency
                : currency.isEmpty() ? more.currency : MIXED;
        return new SessionUse(input + more.input, output + more.output, costNanos + more.costNanos, money);
    }
}
