package dev.patchbay.hub.usage;

import dev.patchbay.hub.store.Increase;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An amount of money, exact to a billionth; sums end at the largest instead of overflowing.
 *
 * @param nanos billionths, from 0 to {@link Increase#MOST}
 */
public record Amount(long nanos) implements Comparable<Amount> {
    public static final Amount NONE = new Amount(0);

    private static final int SCALE = 9;

    public Amount {
        nanos = Math.clamp(nanos, 0, Increase.MOST);
    }

    /** Rounded to a billionth, the half up. */
    public static Amount of(BigDecimal value) {
        BigDecimal nanos = value.movePointRight(SCALE).setScale(0, RoundingMode.HALF_UP);
        return new Amount(nanos.min(BigDecimal.valueOf(Increase.MOST)).longValueExact());
    }

    Amount plus(Amount more) {
        return new Amount(nanos + more.nanos);
    }

    Amount minus(Amount less) {
        return new Amount(nanos - less.nanos);
    }

    Amount times(long factor) {
        return factor <= 0 || nanos == 0
                ? NONE
                : new Amount(nanos > Increase.MOST / factor ? Increase.MOST : nanos * factor);
    }

    boolean isLessThan(Amount other) {
        return nanos < other.nanos;
    }

    /** As people write it: without zeros at its end. */
    public BigDecimal decimal() {
        BigDecimal value = BigDecimal.valueOf(nanos, SCALE).stripTrailingZeros();
        return value.scale() < 0 ? value.setScale(0) : value;
    }

    @Override
    public int compareTo(Amount other) {
        return Long.compare(nanos, other.nanos);
    }

    @Override
    public String toString() {
        return decimal().toPlainString();
    }
}
