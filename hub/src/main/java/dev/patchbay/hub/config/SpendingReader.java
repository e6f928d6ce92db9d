package dev.patchbay.hub.config;

import dev.patchbay.hub.config.HubConfig.Price;
import dev.patchbay.hub.config.HubConfig.Spending;
import dev.patchbay.hub.config.Values.Wrong;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Optional;

/** Reads what an agent's tokens cost and how much it may spend. */
final class SpendingReader {
    private SpendingReader() {}

    static Spending read(Section agent) {
        Section written = agent.section("price");
        written.refuseUnknown();
        Optional<Price> price = written.exists() ? Optional.of(price(written)) : Optional.empty();
        Section budget = agent.section("budget");
        budget.refuseUnknown();
        Optional<BigDecimal> daily = budget.optional("daily", Values::amount);
        Optional<BigDecimal> monthly = budget.optional("monthly", Values::amount);
        boolean isLimited = daily.isPresent() || monthly.isPresent();
        if (isLimited && price.isEmpty()) {
            budget.wrong(
                    "",
                    "the agent has no price, so nothing would ever count against its budget",
                    "write price: { input: 0.15, output: 0.60, currency: USD } beside it, per million tokens");
        } else if (isLimited && price.filter(Price::isFree).isPresent()) {
            budget.doubtful("", "the agent costs nothing, so its budget will never be spent", "write what it costs");
        } else if (budget.exists() && !isLimited && budget.names().contains("warn")) {
            budget.doubtful("warn", "there is no budget to warn of", "write daily or monthly beside it");
        }
        return new Spending(
                price,
                price.isPresent() ? daily : Optional.empty(),
                price.isPresent() ? monthly : Optional.empty(),
                budget.value("warn", Values::percent),
                budget.value("zone", SpendingReader::zone),
                agent.value("budget-text", (text, key) -> text));
    }

    private static Price price(Section section) {
        return new Price(
                section.value("input", Values::amount),
                section.value("output", Values::amount),
                section.value("currency", SpendingReader::currency));
    }

    private static String currency(String text, Key key) throws Wrong {
        if (!text.matches("[A-Z]{3}")) {
            throw new Wrong("is no currency", "write three capitals, for instance USD or EUR");
        }
        return text;
    }

    private static ZoneId zone(String text, Key key) throws Wrong {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException unknown) {
            throw new Wrong("is no time zone", "write for instance UTC or Europe/Berlin");
        }
    }
}
