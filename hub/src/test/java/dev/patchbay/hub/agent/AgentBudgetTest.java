package dev.patchbay.hub.agent;

import static dev.patchbay.hub.agent.AgentFixture.failed;
import static dev.patchbay.hub.agent.Turns.spec;
import static dev.patchbay.hub.agent.Turns.turn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.agent.TurnResult.Failed.Kind;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.HeldStopwatch;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.store.MemoryStore;
import dev.patchbay.hub.usage.Allowance;
import dev.patchbay.hub.usage.Amount;
import dev.patchbay.hub.usage.Bill;
import dev.patchbay.hub.usage.Budget;
import dev.patchbay.hub.usage.Price;
import dev.patchbay.hub.usage.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class AgentBudgetTest {
    private static final Agent DEAR =
            (turn, sink) -> new Reply(Reply.text("dear").messages(), 60, 40);

    @RegisterExtension
    final AgentFixture fixture = new AgentFixture();

    private final MemoryStore store = new MemoryStore(fixture.clock, MemoryStore.Gate.OPEN);

    @Test
    void anAgentWhoseBudgetIsSpentIsNotAskedAndItsPeerIsTold() throws Exception {
        // Given
        fixture.plugin.with("main", DEAR);
        Agents agents = open(spec("main", "scripted").build());
        agents.run("main", turn("Hi"), fixture.shown::add);

        // When
        TurnResult.Failed refused = failed(agents.run("main", turn("Hi"), fixture.shown::add));

        // Then
        assertThat(refused.kind()).isEqualTo(Kind.BUDGET_SPENT);
        assertThat(refused.reason())
                .isEqualTo("agent main: its daily budget of 50 USD is spent until 2026-03-02T00:00:00Z");
        assertThat(refused.peerText()).contains("No money.");
        assertThat(refused.spent().orElseThrow().budget()).isEqualTo(Budget.DAILY);
        assertThat(fixture.breakerGauge()).isEqualTo("0");
    }

    @Test
    void theFallbackAnswersForASpentAgentAndPaysForItself() throws Exception {
        // Given
        fixture.plugin
                .with("main", DEAR)
                .with("cheap", (turn, sink) -> new Reply(Reply.text("cheap").messages(), 1, 0));
        Agents agents = open(
                spec("main", "scripted").fallback("cheap").build(),
                spec("cheap", "scripted").build());
        agents.run("main", turn("Hi"), fixture.shown::add);

        // When
        TurnResult result = agents.run("main", turn("Hi"), fixture.shown::add);

        // Then
        assertThat(result).isInstanceOf(TurnResult.Answered.class);
        assertThat(result.agentId()).isEqualTo("cheap");
        assertThat(tokensToday(agents)).isEqualTo(Map.of("main", 100L, "cheap", 1L));
    }

    @Test
    void whatAFailureHasUsedIsOnTheBillOfTheTurnThatAnotherAnswers() throws Exception {
        // Given
        fixture.plugin
                .with("main", (turn, sink) -> {
                    throw new AgentFailed("cut off", 7, 3);
                })
                .with("cheap", (turn, sink) -> new Reply(Reply.text("cheap").messages(), 1, 0));
        Agents agents = open(
                spec("main", "scripted").fallback("cheap").build(),
                spec("cheap", "scripted").build());

        // When
        try (Bill bill = agents.bill()) {
            agents.run("main", turn("Hi"), fixture.shown::add, bill);

            // Then
            assertThat(bill.tokens()).isEqualTo(11);
            assertThat(bill.metadata()).containsEntry("tokens", "11").containsEntry("cost", "11");
        }
        assertThat(tokensToday(agents)).isEqualTo(Map.of("main", 10L, "cheap", 1L));
        assertThat(counted("main")).startsWith("7 3 ");
    }

    @Test
    void whatComesTooLateIsPaidForNevertheless() throws Exception {
        // Given
        HeldStopwatch time = fixture.hold();
        var hold = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        fixture.plugin.with("main", (turn, sink) -> {
            time.go();
            while (true) {
                try {
                    hold.await();
                    return new Reply(Reply.text("late").messages(), 5, 0);
                } catch (InterruptedException stubborn) {
                    over.countDown();
                }
            }
        });
        Agents agents =
                open(spec("main", "scripted").timeout(Duration.ofMillis(50)).build());

        // When
        TurnResult.Failed late = failed(agents.run("main", turn("Hi"), fixture.shown::add));
        over.await();
        hold.countDown();

        // Then
        assertThat(late.kind()).isEqualTo(Kind.TIMED_OUT);
        while (counted("main").isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(counted("main")).startsWith("5 0 ");
        assertThat(tokensToday(agents)).containsEntry("main", 5L);
    }

    @Test
    void aReplyThatCannotBeUsedStillCosts() throws Exception {
        // Given
        fixture.plugin.with("main", (turn, sink) -> {
            sink.delta("something else");
            return new Reply(Reply.text("this").messages(), 2, 3);
        });
        Agents agents = open(spec("main", "scripted").build());

        // When
        failed(agents.run("main", turn("Hi"), fixture.shown::add));

        // Then
        assertThat(tokensToday(agents)).containsEntry("main", 5L);
    }

    private Agents open(AgentSpec... specs) throws Exception {
        World world = fixture.world();
        var price = new Price(new BigDecimal("1000000"), new BigDecimal("1000000"), "USD");
        var allowance = new Allowance(
                Optional.of(price),
                Map.of(Budget.DAILY, Amount.of(new BigDecimal(50))),
                0.8,
                ZoneOffset.UTC,
                "No money.");
        Usage usage = Usage.open(
                Map.of("main", allowance, "cheap", allowance),
                store,
                new Events(store, fixture.clock),
                fixture.meters,
                world);
        return fixture.keep(Agents.open(
                List.of(specs),
                Map.of("scripted", fixture.plugin),
                Offer.NOTHING,
                fixture.meters,
                world,
                Thread.ofVirtual().factory(),
                usage));
    }

    private static Map<String, Long> tokensToday(Agents agents) {
        return agents.status().stream().collect(java.util.stream.Collectors.toMap(AgentStatus::id, each -> each.purse()
                .tokensToday()));
    }

    private String counted(String agent) throws Exception {
        return store.note("usage/" + agent + "/2026-03", "2026-03-01 USD").orElse("");
    }
}
