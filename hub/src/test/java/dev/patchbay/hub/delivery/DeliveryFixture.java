package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.Pacing;
import dev.patchbay.api.Peer;
import dev.patchbay.api.TextLimit;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.TestWorld;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.DeliveryFilter;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoredDelivery;
import dev.patchbay.hub.store.TestStores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The queue of one channel that does what a test says, on a real store. */
abstract class DeliveryFixture {
    static final String DEAD_AFTER_THREE = "webhook";
    static final RetryLater FAILURE = new RetryLater("500 from the callback", Duration.ZERO);

    @TempDir
    Path folder;

    final TestWorld world = new TestWorld();
    final ScriptedChannel channel = new ScriptedChannel();

    DeliveryPolicy policy = new DeliveryPolicy(
            List.of(Duration.ofSeconds(5), Duration.ofSeconds(25)), 3, 100, false, Duration.ofDays(7), 0);

    TextLimit limit = TextLimit.NONE;

    @Nullable
    Pattern groupIds;

    @Nullable
    Channel open = channel;

    Store store;
    Deliveries deliveries;

    @BeforeEach
    void start() throws Exception {
        store = TestStores.temporary(folder);
        deliveries = restarted();
    }

    @AfterEach
    void stop() throws Exception {
        world.settle();
        store.close();
    }

    Deliveries restarted() throws Exception {
        return restarted(store);
    }

    /** After a restart that finds its store so. */
    Deliveries restarted(Store found) throws Exception {
        var fresh = new Deliveries(
                found,
                outlets(),
                unused -> policy,
                Attachment::url,
                new Events(found, world.clock()),
                Meters.NONE,
                world.world());
        fresh.start();
        return fresh;
    }

    Outlets outlets() {
        return new Outlets() {
            @Override
            public Optional<Traits> traits(String name, String accountId) {
                return switch (name) {
                    case DEAD_AFTER_THREE ->
                        Optional.of(new Traits(Set.of(Capability.SEND), limit, Pacing.NONE, groupIds));
                    case "mute" -> Optional.of(new Traits(Set.of(), limit));
                    default -> Optional.empty();
                };
            }

            @Override
            public Optional<Channel> open(String name, String accountId) {
                return Optional.ofNullable(open);
            }
        };
    }

    void send(String peer, String text) throws Exception {
        deliveries.send(outbound(peer, text, Optional.empty()), Optional.empty());
        world.settle();
    }

    static Outbound outbound(String peer, String text, Optional<Duration> ttl) {
        return new Outbound(
                DEAD_AFTER_THREE,
                "default",
                Peer.direct(peer),
                null,
                text,
                List.of(),
                List.of(),
                null,
                null,
                false,
                ttl,
                null,
                null);
    }

    StoredDelivery only() throws Exception {
        List<StoredDelivery> all = all();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    List<StoredDelivery> all() throws Exception {
        return store.deliveries(DeliveryFilter.ALL, 100, Optional.empty()).items();
    }

    StoredDelivery find(String text) throws Exception {
        for (StoredDelivery each : all()) {
            if (OutboundBody.fromJson(each.body()).text().equals(text)) {
                return each;
            }
        }
        throw new AssertionError("no delivery says " + text);
    }

    String id(String text) throws Exception {
        return find(text).ref().deliveryId();
    }

    DeliveryState state(String text) throws Exception {
        return find(text).ref().state();
    }
}
