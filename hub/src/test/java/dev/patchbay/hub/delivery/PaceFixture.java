package dev.patchbay.hub.delivery;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.Draft;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Pacing;
import dev.patchbay.api.Pacing.Limit.Window;
import dev.patchbay.api.Peer;
import dev.patchbay.api.TextLimit;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.TestWorld;
import dev.patchbay.hub.metrics.PrometheusMeters;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.TestStores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The queue of accounts with a pace, on a channel whose answers take a while by the clock of the test. */
abstract class PaceFixture {
    static final String SCOPE = "pacing/telegram/default";

    static final Pacing TELEGRAM = new Pacing(
            List.of(new Window(30, Duration.ofSeconds(1))),
            List.of(new Window(1, Duration.ofSeconds(1))),
            List.of(new Window(20, Duration.ofSeconds(60))));

    @TempDir
    Path folder;

    final TestWorld world = new TestWorld();
    final TimedChannel channel = new TimedChannel();
    final PrometheusMeters meters = new PrometheusMeters();
    Pacing pacing = TELEGRAM;
    TextLimit limit = TextLimit.NONE;
    boolean isOpen = true;
    Store store;
    Deliveries deliveries;

    @BeforeEach
    void start() throws Exception {
        store = TestStores.temporary(folder);
        deliveries = restarted();
    }

    @AfterEach
    void stop() throws Exception {
        world.advance(Duration.ofMinutes(1));
        store.close();
    }

    /** A channel whose answers take a while, by the test's clock. */
    final class TimedChannel implements Channel {
        final List<Sent> sent = new ArrayList<>();
        private final Map<String, Queue<DeliveryOutcome>> script = new HashMap<>();
        volatile Duration latency = Duration.ZERO;
        int drafts;

        synchronized void willAnswer(String peer, DeliveryOutcome... outcomes) {
            script.computeIfAbsent(peer.replaceFirst(".*/", ""), unused -> new ArrayDeque<>())
                    .addAll(List.of(outcomes));
        }

        @Override
        public DeliveryOutcome deliver(OutboundMessage message) throws InterruptedException {
            synchronized (this) {
                sent.add(new Sent(world.clock().instant(), message));
            }
            if (latency.isPositive()) {
                world.pass(latency);
            }
            return answer(message.to());
        }

        @Override
        public DeliveryOutcome draft(Draft draft) {
            drafts++;
            return answer(draft.to());
        }

        private synchronized DeliveryOutcome answer(Peer to) {
            DeliveryOutcome next =
                    script.getOrDefault(to.id(), new ArrayDeque<>()).poll();
            return next == null ? new Delivered("r") : next;
        }

        synchronized List<String> texts(String peer) {
            return sent.stream()
                    .filter(each -> each.message().to().id().equals(peer))
                    .map(each -> each.message().text())
                    .toList();
        }

        synchronized List<String> peers() {
            return sent.stream().map(each -> each.message().to().id()).toList();
        }

        synchronized List<Integer> parts() {
            return sent.stream().map(each -> each.message().part()).toList();
        }

        @Override
        public void close() {}
    }

    record Sent(Instant at, OutboundMessage message) {}

    List<Duration> gaps(String peer) {
        List<Instant> times = channel.sent.stream()
                .filter(each -> each.message().to().id().equals(peer))
                .map(Sent::at)
                .toList();
        var gaps = new ArrayList<Duration>();
        for (int i = 1; i < times.size(); i++) {
            gaps.add(Duration.between(times.get(i - 1), times.get(i)));
        }
        return gaps;
    }

    static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    Deliveries restarted() throws Exception {
        var policy = new DeliveryPolicy(List.of(Duration.ofSeconds(5)), 3, 1_000, false, Duration.ofDays(7), 0);
        var fresh = new Deliveries(
                store,
                outlets(),
                unused -> policy,
                Attachment::url,
                new Events(store, world.clock()),
                meters,
                world.world());
        fresh.start();
        world.settle();
        return fresh;
    }

    Outlets outlets() {
        return new Outlets() {
            @Override
            public Optional<Traits> traits(String name, String accountId) {
                return Optional.of(new Traits(Set.of(Capability.SEND, Capability.DRAFTS), limit, pacing));
            }

            @Override
            public Optional<Channel> open(String name, String accountId) {
                return isOpen ? Optional.of(channel) : Optional.empty();
            }
        };
    }

    void send(String peer, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            queue("telegram", peer, null, "%03d".formatted(i), false);
        }
    }

    void queue(String account, String peer, @Nullable String thread, String text, boolean isReply) throws Exception {
        Outbound message = outbound(account, peer, thread, text, isReply);
        if (isReply) {
            Prepared prepared = deliveries.prepare(message);
            deliveries.stored(
                    prepared,
                    store.enqueue(prepared.row(), Optional.empty()).seq(),
                    prepared.row().createdAt());
        } else {
            deliveries.send(message, Optional.empty());
        }
        world.settle();
    }

    static Outbound outbound(String account, String peer, @Nullable String thread, String text, boolean isReply) {
        String[] names = account.split("/", 2);
        return new Outbound(
                names[0],
                names.length > 1 ? names[1] : "default",
                peer.startsWith("group:")
                        ? new Peer(Peer.Kind.GROUP, peer.substring("group:".length()))
                        : Peer.direct(peer),
                thread,
                text,
                List.of(),
                List.of(),
                null,
                null,
                false,
                Optional.empty(),
                isReply ? "m1" : null,
                null);
    }
}
