package dev.patchbay.hub.usage;

import static dev.patchbay.hub.usage.UsageFixture.allowance;
import static dev.patchbay.hub.usage.UsageFixture.usd;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.event.HubEvent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class BudgetTest {
    @Test
    void theQuestionThatCrossesABudgetIsPaidAndTheNextIsRefusedUntilMidnight() throws Exception {
        // Given
        var hub = new UsageFixture(allowance(10, 0));
        hub.spend(7);

        // When
        hub.spend(7);
        Admission refused = hub.usage.purse("main").enter(Duration.ofSeconds(20));
        hub.world.advance(Duration.ofHours(14));
        Admission nextDay = hub.usage.purse("main").enter(Duration.ofSeconds(20));

        // Then
        assertThat(refused)
                .isEqualTo(new Admission.Spent(
                        "main", Budget.DAILY, usd(14), usd(10), "USD", Instant.parse("2026-03-02T00:00:00Z")));
        assertThat(nextDay).isInstanceOf(Admission.Seat.class);
    }

    @Test
    void theBudgetThatLastsLongerIsTheOneThatIsNamed() throws Exception {
        // Given
        var hub = new UsageFixture(allowance(10, 12));

        // When
        hub.spend(13);
        var today = hub.usage.purse("main").spent();
        hub.world.advance(Duration.ofDays(1));
        var tomorrow = hub.usage.purse("main").spent();
        hub.world.advance(Duration.ofDays(30));

        // Then
        assertThat(today.orElseThrow().budget()).isEqualTo(Budget.MONTHLY);
        assertThat(tomorrow.orElseThrow().resetsAt()).isEqualTo("2026-04-01T00:00:00Z");
        assertThat(hub.usage.purse("main").spent()).isEmpty();
        assertThat(hub.status().tokensMonth()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "UTC, 2026-03-28, 2026-03-29T00:00:00Z",
        "Europe/Berlin, 2026-03-28, 2026-03-28T23:00:00Z",
        "Europe/Berlin, 2026-03-29, 2026-03-29T22:00:00Z",
        "Europe/Berlin, 2026-10-25, 2026-10-25T23:00:00Z",
        "Africa/Cairo, 2026-04-23, 2026-04-23T22:00:00Z",
    })
    void aDayEndsAtMidnightOfItsZoneAlsoWhereTheClocksAreMoved(String zone, String day, String end) {
        assertThat(Budget.DAILY.end(LocalDate.parse(day), ZoneId.of(zone)).toInstant())
                .isEqualTo(end);
    }

    @Test
    void theDayOfAUseIsThatOfTheZone() throws Exception {
        // Given
        var hub = new UsageFixture(allowance(10, 100, ZoneId.of("Pacific/Auckland")));

        // When: it is 23:00 there, then 01:00 of the next day.
        hub.spend(4);
        hub.world.advance(Duration.ofHours(2));
        hub.spend(5);

        // Then
        assertThat(hub.status().costToday()).isEqualTo(usd(5));
        assertThat(hub.status().costMonth()).isEqualTo(usd(9));
        assertThat(hub.status().tokensToday()).isEqualTo(5);
    }

    @Test
    void manyAtOnceGoBeyondTheLimitByOneAtMost() throws Exception {
        // Given
        var hub = new UsageFixture(allowance(100, 0));
        List<Admission> answers = Collections.synchronizedList(new ArrayList<>());
        var callers = new ArrayList<Thread>();
        var go = new CountDownLatch(1);

        // When
        for (int i = 0; i < 50; i++) {
            callers.add(Thread.startVirtualThread(() -> {
                try {
                    go.await();
                    Admission admission = hub.usage.purse("main").enter(Duration.ofSeconds(30));
                    answers.add(admission);
                    if (admission instanceof Admission.Seat seat) {
                        try (Bill bill = hub.usage.bill()) {
                            bill.add(seat.end(new Tokens(30, 0)));
                        }
                    }
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        go.countDown();
        for (Thread each : callers) {
            each.join();
        }

        // Then
        assertThat(hub.status().costToday()).isEqualTo(usd(120));
        assertThat(answers)
                .hasSize(50)
                .filteredOn(Admission.Spent.class::isInstance)
                .hasSize(46);
    }

    @Test
    void farFromTheLimitQuestionsGoSideBySideOnceACostIsKnown() throws Exception {
        // Given
        var hub = new UsageFixture(allowance(100, 0));
        hub.spend(10);

        // When
        for (int i = 0; i < 9; i++) {
            hub.seat();
        }

        // Then
        assertThat(hub.usage.purse("main").enter(Duration.ZERO)).isEqualTo(new Admission.TooLate());
    }

    @Test
    void whatAQuestionCostsIsKnownAgainAfterARestart() throws Exception {
        // Given
        var hub = new UsageFixture(allowance(100, 0));
        hub.spend(10);
        hub.restart(allowance(100, 0));

        // When
        hub.seat();
        Admission second = hub.usage.purse("main").enter(Duration.ZERO);

        // Then
        assertThat(second).isInstanceOf(Admission.Seat.class);
    }

    @Test
    void oneThatIsGivenUpHoldsNobodyBack() throws Exception {
        // Given
        var hub = new UsageFixture(allowance(100, 0));
        Admission.Seat hanging = hub.seat();
        Admission behind = hub.usage.purse("main").enter(Duration.ZERO);

        // When
        hanging.giveUp();
        hub.seat();
        hub.usage.record(hanging.end(new Tokens(3, 0)));

        // Then
        assertThat(behind).isEqualTo(new Admission.TooLate());
        assertThat(hub.status().costToday()).isEqualTo(usd(3));
    }

    @Test
    void theOperatorIsWarnedOnceAndToldOnceThatAllIsSpent() throws Exception {
        // Given
        var hub = new UsageFixture(allowance(10, 0));

        // When
        hub.spend(7);
        int before = hub.events().size();
        hub.spend(1);
        hub.spend(1);
        hub.restart(allowance(10, 0));
        hub.spend(1);
        hub.restart(allowance(10, 0));
        hub.world.advance(Duration.ofDays(1));
        hub.spend(8);

        // Then
        assertThat(before).isZero();
        assertThat(hub.events())
                .extracting(HubEvent::type)
                .containsExactly("budget.warning", "budget.spent", "budget.warning");
        assertThat(hub.events().getFirst().fields())
                .isEqualTo(Map.of(
                        "agent_id", "main",
                        "budget", "daily",
                        "spent", "8",
                        "limit", "10",
                        "currency", "USD",
                        "resets_at", "2026-03-02T00:00:00Z"));
    }

    @Test
    void aHigherLimitGivesMoreAndWarnsAnew() throws Exception {
        // Given
        var hub = new UsageFixture(allowance(10, 0));
        hub.spend(10);

        // When
        hub.restart(allowance(20, 0));
        boolean isSpent = hub.usage.purse("main").spent().isPresent();
        hub.spend(6);

        // Then
        assertThat(isSpent).isFalse();
        assertThat(hub.events())
                .extracting(each -> each.type() + " " + each.fields().get("limit"))
                .containsExactly("budget.warning 10", "budget.spent 10", "budget.warning 20");
    }

    @Test
    void whatAKillHasKeptFromBeingToldIsToldAtTheStart() throws Exception {
        // Given
        var hub = new UsageFixture(allowance(10, 0));
        Charge charge = hub.seat().end(new Tokens(9, 0));

        // When
        hub.store.increase(List.of(charge.increase()));
        hub.restart(allowance(10, 0));

        // Then
        assertThat(hub.events()).extracting(HubEvent::type).containsExactly("budget.warning");
        assertThat(hub.status().costToday()).isEqualTo(usd(9));
    }

    @Test
    void anotherCurrencyBeginsANewSumAndTokensGoOn() throws Exception {
        // Given
        var hub = new UsageFixture(allowance(10, 0));
        hub.spend(10);
        Allowance inDollars = allowance(10, 0);
        var price = inDollars.price().orElseThrow();

        // When
        hub.restart(new Allowance(
                java.util.Optional.of(new Price(price.input(), price.output(), "EUR")),
                inDollars.limits(),
                0.8,
                inDollars.zone(),
                ""));

        // Then
        assertThat(hub.status().costToday()).isEqualTo(Amount.NONE);
        assertThat(hub.status().tokensToday()).isEqualTo(10);
        assertThat(hub.usage.purse("main").spent()).isEmpty();
    }

    @Test
    void aMadCountOfTokensEndsNoSum() throws Exception {
        // Given
        var hub = new UsageFixture(allowance(0, 0));

        // When
        for (int i = 0; i < 20; i++) {
            hub.spend(Long.MAX_VALUE);
        }
        hub.spend(-5);
        hub.restart(allowance(0, 0));

        // Then
        assertThat(hub.status().tokensToday()).isEqualTo(20_000_000_000L);
        assertThat(hub.status().costToday()).isEqualTo(new Amount(dev.patchbay.hub.store.Increase.MOST));
    }

    @Test
    void pricesAreExactForAMillionthOfTheirUnit() {
        // Given
        var price = new Price(new BigDecimal("0.15"), new BigDecimal("0.60"), "USD");

        // Then
        assertThat(price.of(new Tokens(1, 0))).hasToString("0.00000015");
        assertThat(price.of(new Tokens(1_000_000, 500_000))).hasToString("0.45");
        assertThat(price.of(Tokens.NONE)).hasToString("0");
    }

    @Test
    void theMetricsCountTokensAndMoney() throws Exception {
        // Given
        var hub = new UsageFixture(allowance(0, 0));

        // When
        try (Bill bill = hub.usage.bill()) {
            bill.add(hub.seat().end(new Tokens(3, 4)));
        }

        // Then
        assertThat(hub.meters.scrape())
                .contains("patchbay_agent_tokens_total{agent=\"main\",direction=\"output\"} 4")
                .contains("patchbay_agent_cost_total{agent=\"main\",currency=\"USD\"} 11");
    }
}
