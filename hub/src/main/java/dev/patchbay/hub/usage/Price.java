package dev.patchbay.hub.usage;

import java.math.BigDecimal;

/**
 * What an agent's tokens cost.
 *
 * @param input for a million tokens read, at least 0
 * @param output for a million tokens written, at least 0
 * @param currency three capitals, for instance {@code USD}
 */
public record Price(BigDecimal input, BigDecimal output, String currency) {
    private static final int MILLION = 6;

    Amount of(Tokens tokens) {
        return Amount.of(input.multiply(BigDecimal.valueOf(tokens.input()))
                .add(output.multiply(BigDecimal.valueOf(tokens.output())))
                .movePointLeft(MILLION));
    }
}
