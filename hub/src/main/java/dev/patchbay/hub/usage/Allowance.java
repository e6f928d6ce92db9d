package dev.patchbay.hub.usage;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one agent may cost.
 *
 * @param price empty: its tokens are counted, and cost nothing
 * @param limits in the price's currency; none without a price
 * @param warnAt the part of a limit at which the operator is warned, more than 0 and at most 1
 * @param zone whose midnight ends the day, and the month
 * @param spentText what peers are told when it may not answer
 */
public record Allowance(
        Optional<Price> price, Map<Budget, Amount> limits, double warnAt, ZoneId zone, String spentText) {

    /** Anything, at no price. */
    public static final Allowance ANY = new Allowance(Optional.empty(), Map.of(), 1, ZoneOffset.UTC, "");

    public Allowance {
        var copy = new EnumMap<Budget, Amount>(Budget.class);
        copy.putAll(limits);
        limits = Map.copyOf(copy);
        if (price.isEmpty() && !limits.isEmpty()) {
            throw new IllegalArgumentException("limits without a price");
        }
    }

    String currency() {
        return price.map(Price::currency).orElse("-");
    }
}
