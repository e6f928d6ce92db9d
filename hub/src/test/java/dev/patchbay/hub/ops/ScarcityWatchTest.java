package dev.patchbay.hub.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.event.HubEvent;
import dev.patchbay.hub.lane.TestWorld;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.H2Store;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScarcityWatchTest {
    private final TestWorld time = new TestWorld();
    private final List<HubEvent> told = new CopyOnWriteArrayList<>();
    private final Store store;
    private final ScarcityWatch watch;
    private volatile double used;

    ScarcityWatchTest(@TempDir Path folder) throws Exception {
        store = H2Store.open(
                StoreOptions.of("jdbc:h2:file:" + folder.toAbsolutePath().resolve("hub"), folder, 0),
                Clock.systemUTC(),
                Meters.NONE);
        var events = new Events(store, time.clock());
        events.subscribe(Events.Filter.ALL, told::add);
        watch = new ScarcityWatch(
                List.of(
                        new Scarce("broken", 0.8, false, () -> {
                            throw new IllegalStateException("cannot tell");
                        }),
                        new Scarce("queue", 0.8, false, () -> new Scarce.Level(used, "the queue is so full: " + used))),
                events,
                time.world());
    }

    @BeforeEach
    void start() {
        watch.start();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void crossingTheMarkIsToldOnceAndItsEndOnce() throws Exception {
        // When
        used = 0.85;
        time.advance(Duration.ofSeconds(60));
        HealthPart during = watch.check();
        used = 0.5;
        time.advance(Duration.ofSeconds(60));

        // Then
        assertThat(told)
                .extracting(each -> each.type() + " " + each.fields().get("resource") + " "
                        + each.fields().get("state"))
                .containsExactly("resource.warning queue begins", "resource.warning queue ends");
        assertThat(during.status()).as("nothing is refused yet").isEqualTo(HealthStatus.OK);
        assertThat(during.detail()).isEqualTo("the queue is so full: 0.85");
        assertThat(watch.check().detail()).isEmpty();
    }

    @Test
    void whatGoesUpAndDownEverySecondIsToldAtMostTwiceAMinute() throws Exception {
        // When
        for (int i = 0; i < 120; i++) {
            used = i % 2 == 0 ? 0.9 : 0.1;
            time.advance(Duration.ofSeconds(1));
        }

        // Then
        assertThat(told.size()).isLessThanOrEqualTo(4);
    }
}
