package dev.patchbay.hub.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.event.HubEvent;
import dev.patchbay.hub.lane.TestWorld;
import dev.patchbay.hub.metrics.PrometheusMeters;
import dev.patchbay.hub.store.MemoryStore;
import dev.patchbay.hub.tenant.Visibility;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Agent {@code main}, whose token costs 1 USD each way of reading, on a store that can be opened again. */
final class UsageFixture {
    final TestWorld world = new TestWorld();
    final PrometheusMeters meters = new PrometheusMeters();
    MemoryStore store = new MemoryStore(world.clock(), MemoryStore.Gate.OPEN);
    Usage usage;

    UsageFixture(Allowance allowance) throws Exception {
        usage = open(allowance);
    }

    /** As after a kill and a start. */
    void restart(Allowance allowance) throws Exception {
        store = store.reopened(MemoryStore.Gate.OPEN);
        usage = open(allowance);
    }

    private Usage open(Allowance allowance) throws Exception {
        return Usage.open(Map.of("main", allowance), store, new Events(store, world.clock()), meters, world.world());
    }

    /** 1 USD for a token that is read, 2 for one that is written; a limit of 0 is none. */
    static Allowance allowance(long daily, long monthly) {
        return allowance(daily, monthly, ZoneOffset.UTC);
    }

    static Allowance allowance(long daily, long monthly, ZoneId zone) {
        var limits = new EnumMap<Budget, Amount>(Budget.class);
        if (daily > 0) {
            limits.put(Budget.DAILY, usd(daily));
        }
        if (monthly > 0) {
            limits.put(Budget.MONTHLY, usd(monthly));
        }
        var price = new Price(new BigDecimal("1000000"), new BigDecimal("2000000"), "USD");
        return new Allowance(Optional.of(price), limits, 0.8, zone, "No money.");
    }

    static Amount usd(long amount) {
        return Amount.of(BigDecimal.valueOf(amount));
    }

    /** Asks and pays at once. */
    void spend(long inputTokens) throws Exception {
        Admission.Seat seat = seat();
        try (Bill bill = usage.bill()) {
            bill.add(seat.end(new Tokens(inputTokens, 0)));
        }
    }

    Admission.Seat seat() throws Exception {
        Admission admission = usage.purse("main").enter(Duration.ofSeconds(20));
        assertThat(admission).isInstanceOf(Admission.Seat.class);
        return (Admission.Seat) admission;
    }

    PurseStatus status() {
        return usage.purse("main").status();
    }

    List<HubEvent> events() throws Exception {
        return new Events(store, world.clock()).missed(0, 100, Visibility.WHOLE).events();
    }
}
