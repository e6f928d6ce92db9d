package dev.patchbay.hub.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.event.HubEvent;
import dev.patchbay.hub.store.StoredLine;
import dev.patchbay.hub.usage.Allowance;
import dev.patchbay.hub.usage.Amount;
import dev.patchbay.hub.usage.Budget;
import dev.patchbay.hub.usage.Price;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Turns of an agent of which each costs 10 USD, and which may spend 20 a day. */
@Timeout(60)
class BudgetTurnsTest extends SessionFixture {
    @Override
    Map<String, Allowance> allowances() {
        var price = new Price(new BigDecimal("1000000"), new BigDecimal("2000000"), "USD");
        return Map.of(
                "main",
                new Allowance(
                        Optional.of(price),
                        Map.of(Budget.DAILY, Amount.of(new BigDecimal(20))),
                        0.8,
                        ZoneOffset.UTC,
                        "No money."));
    }

    @BeforeEach
    void costs() {
        behaviour = (turn, sink) -> new Reply(Reply.text("dear").messages(), 4, 3);
    }

    @Test
    void aTurnsUseIsCountedInTheTransactionThatEndsIt() throws Exception {
        // When
        TurnOutcome outcome = conversations.send(chat("Hi", null)).await(LONG).orElseThrow();
        world.settle();

        // Then
        assertThat(outcome.tokens()).isEqualTo(7);
        assertThat(store.note("usage/main/2026-03", "2026-03-01 USD")).contains("4 3 10000000000 1");
        assertThat(history("agent:main:main").getLast().metadata())
                .containsEntry("tokens", "7")
                .containsEntry("cost", "10")
                .containsEntry("currency", "USD");
    }

    @Test
    void theTurnThatCrossesTheBudgetIsAnsweredAndTheNextIsNot() throws Exception {
        // When
        TurnOutcome first = conversations.send(chat("1", null)).await(LONG).orElseThrow();
        TurnOutcome crossing = conversations.send(chat("2", null)).await(LONG).orElseThrow();
        TurnOutcome next = conversations.send(chat("3", "key")).await(LONG).orElseThrow();
        TurnOutcome repeated = conversations.send(chat("3", "key")).await(LONG).orElseThrow();
        world.settle();

        // Then
        assertThat(first.status()).isEqualTo(TurnOutcome.Status.ANSWERED);
        assertThat(crossing.status()).isEqualTo(TurnOutcome.Status.ANSWERED);
        assertThat(next.status()).isEqualTo(TurnOutcome.Status.BUDGET_SPENT);
        assertThat(next.budget()).contains(new TurnOutcome.SpentBudget("daily", Instant.parse("2026-03-02T00:00:00Z")));
        assertThat(repeated.budget()).isEqualTo(next.budget());
        assertThat(asked).containsExactly("1", "2");
        assertThat(events.missed(0, 100).events())
                .extracting(HubEvent::type)
                .contains("budget.warning", "budget.spent", "chat.error");
        StoredLine last = history("agent:main:main").getLast();
        assertThat(last.role()).isEqualTo("user");
        assertThat(last.metadata()).containsEntry("error_kind", "BUDGET_SPENT").containsEntry("budget", "daily");
    }

    @Test
    void thePeerOfASpentAgentIsToldOnceAnHour() throws Exception {
        // Given
        for (int i = 0; i < 2; i++) {
            door.receive("webhook", "default", message("m" + i, "Hi"), Optional.empty());
            world.settle();
        }

        // When
        for (int i = 2; i < 6; i++) {
            door.receive("webhook", "default", message("m" + i, "Hi"), Optional.empty());
            world.settle();
        }
        world.advance(Duration.ofHours(1));
        door.receive("webhook", "default", message("m6", "Hi"), Optional.empty());
        world.settle();

        // Then
        assertThat(queued().reversed())
                .extracting(each ->
                        new String(each.body(), StandardCharsets.UTF_8).contains("No money.") ? "No money." : "dear")
                .containsExactly("dear", "dear", "No money.", "No money.");
    }

    @Test
    void whatAFailedTurnHasUsedCountsToo() throws Exception {
        // Given
        behaviour = (turn, sink) -> {
            throw new AgentFailed("cut", 5, 1);
        };

        // When
        conversations.send(chat("Hi", null)).await(LONG);
        world.settle();

        // Then
        assertThat(store.note("usage/main/2026-03", "2026-03-01 USD")).contains("5 1 7000000000 1");
        assertThat(history("agent:main:main").getLast().metadata()).containsEntry("tokens", "6");
    }
}
