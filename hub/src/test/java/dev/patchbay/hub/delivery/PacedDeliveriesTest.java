package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.Draft;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Pacing;
import dev.patchbay.api.Pacing.Limit.Bucket;
import dev.patchbay.api.Pacing.Limit.Window;
import dev.patchbay.api.Peer;
import dev.patchbay.api.TextLimit;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.TestWorld;
import dev.patchbay.hub.metrics.PrometheusMeters;
import dev.patchbay.hub.store.DeliveryFilter;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoredDelivery;
import dev.patchbay.hub.store.StoredNote;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PacedDeliveriesTest {
    private static final String SCOPE = "pacing/telegram/default";
    private static final Pacing TELEGRAM = new Pacing(
            List.of(new Window(30, Duration.ofSeconds(1))),
            List.of(new Window(1, Duration.ofSeconds(1))),
            List.of(new Window(20, Duration.ofSeconds(60))));

    @TempDir
    Path folder;

    private final TestWorld world = new TestWorld();
    private final TimedChannel channel = new TimedChannel();
    private final PrometheusMeters meters = new PrometheusMeters();
    private Pacing pacing = TELEGRAM;
    private TextLimit limit = TextLimit.NONE;
    private boolean isOpen = true;
    private Store store;
    private Deliveries deliveries;

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

    @Test
    void thirtyMessagesToOnePeerGoOutOncePerSecond() throws Exception {
        // Given
        send("anna", 30);

        // When
        world.advance(Duration.ofSeconds(31));

        // Then
        assertThat(channel.texts("anna")).hasSize(30).isSorted();
        assertThat(gaps("anna")).allSatisfy(gap -> assertThat(gap).isBetween(millis(1_000), millis(1_010)));
    }

    @Test
    void threeHundredMessagesToAHundredPeersGoOutThirtyPerSecond() throws Exception {
        // Given
        for (int i = 0; i < 300; i++) {
            queue("telegram", "p" + i % 100, null, "m", false);
        }

        // When
        world.advance(Duration.ofMillis(9_100));

        // Then
        assertThat(channel.sent).hasSize(300);
        assertThat(most(Duration.ofSeconds(1))).isEqualTo(30);
    }

    @Test
    void aGroupWithItsThreadsIsOnePeer() throws Exception {
        // Given
        for (int i = 0; i < 30; i++) {
            queue("telegram", "group:g", "thread " + i % 3, "m", false);
        }

        // When
        world.advance(Duration.ofSeconds(60));
        int inTheFirstMinute = channel.sent.size();
        world.advance(Duration.ofSeconds(1));

        // Then
        assertThat(inTheFirstMinute).isEqualTo(20);
        assertThat(channel.sent).hasSize(30);
    }

    @Test
    void aPeerThatWaitsHoldsUpNobodyElse() throws Exception {
        // Given
        send("anna", 5);

        // When
        send("ben", 1);

        // Then
        assertThat(channel.texts("anna")).hasSize(1);
        assertThat(channel.texts("ben")).hasSize(1);
    }

    @Test
    void eachPartOfALongMessageIsASend() throws Exception {
        // Given
        limit = new TextLimit(16, TextLimit.Unit.UTF16);
        queue("telegram", "anna", null, "one two three four five six seven eight", false);
        int atOnce = channel.sent.size();
        world.advance(Duration.ofMillis(1_500));
        List<Integer> beforeTheKill = channel.parts();

        // When
        deliveries.drain(Duration.ofSeconds(1));
        deliveries = restarted();
        world.advance(Duration.ofSeconds(3));

        // Then
        assertThat(atOnce).isEqualTo(1);
        assertThat(beforeTheKill).containsExactly(1, 2);
        assertThat(channel.parts()).containsExactly(1, 2, 3);
        assertThat(channel.sent).noneMatch(each -> each.message().possiblyRepeated());
        assertThat(only().ref().attempts()).isEqualTo(1);
        assertThat(only().ref().state()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void whatIsUnderWayKeepsItsPlaceAndCountsFromItsEnd() throws Exception {
        // Given
        pacing = new Pacing(List.of(new Window(2, Duration.ofSeconds(1))), List.of(), List.of());
        channel.latency = Duration.ofMillis(1_500);
        send("anna", 1);
        send("ben", 1);
        send("cleo", 1);

        // When
        world.advance(Duration.ofMillis(2_500));
        List<String> before = channel.texts("cleo");
        world.advance(Duration.ofMillis(10));

        // Then
        assertThat(before).isEmpty();
        assertThat(channel.texts("cleo")).hasSize(1);
    }

    @Test
    void aPeerThatHangsCostsOthersTheirPlaceForSecondsOnly() throws Exception {
        // Given
        pacing = new Pacing(List.of(new Bucket(1, Duration.ofMillis(50))), List.of(), List.of());
        channel.latency = Duration.ofSeconds(30);
        send("anna", 1);
        channel.latency = Duration.ZERO;

        // When
        send("ben", 2);
        world.advance(Duration.ofSeconds(6));

        // Then
        assertThat(channel.texts("ben")).hasSize(2);
    }

    @Test
    void aLearntLatencyIsTakenOffTheWait() throws Exception {
        // Given
        channel.latency = Duration.ofMillis(100);

        // When
        send("anna", 20);
        world.advance(Duration.ofSeconds(25));

        // Then
        assertThat(gaps("anna").getFirst()).isBetween(millis(1_100), millis(1_110));
        assertThat(gaps("anna").getLast()).isBetween(millis(1_000), millis(1_010));
    }

    @Test
    void aPeerThatIsToldToWaitWaitsExactlyAndOthersGoOn() throws Exception {
        // Given
        channel.willAnswer("anna", new Paced("429", Duration.ofSeconds(17), Paced.Scope.PEER));
        send("anna", 2);

        // When
        send("ben", 1);
        world.advance(Duration.ofSeconds(17));
        int inTime = channel.texts("anna").size();
        world.advance(Duration.ofMillis(10));

        // Then
        assertThat(channel.texts("ben")).hasSize(1);
        assertThat(inTime).isEqualTo(1);
        assertThat(channel.texts("anna")).containsExactly("000", "000");
    }

    @Test
    void anAccountThatIsToldToWaitStopsAllItsPeersAndNoOtherAccount() throws Exception {
        // Given
        channel.willAnswer("anna", new Paced("429", Duration.ofSeconds(17), Paced.Scope.ACCOUNT));
        send("anna", 1);

        // When
        send("ben", 1);
        queue("telegram/second", "cleo", null, "m", false);
        world.advance(Duration.ofSeconds(17));
        int inTime = channel.texts("ben").size();
        world.advance(Duration.ofMillis(10));

        // Then
        assertThat(channel.texts("cleo")).hasSize(1);
        assertThat(inTime).isZero();
        assertThat(channel.texts("ben")).hasSize(1);
    }

    @Test
    void anOperatorsRetryDoesNotBreakAPause() throws Exception {
        // Given
        channel.willAnswer("anna", new Paced("429", Duration.ofSeconds(17), Paced.Scope.PEER));
        send("anna", 1);

        // When
        deliveries.retry(DeliveryFilter.ALL);
        world.advance(Duration.ofSeconds(17));

        // Then
        assertThat(channel.texts("anna")).hasSize(1);
    }

    @Test
    void pausesHoldAcrossARestartForWhatIsQueuedLater() throws Exception {
        // Given
        channel.willAnswer("anna", new Paced("429", Duration.ofSeconds(100), Paced.Scope.PEER));
        channel.willAnswer("other/cleo", new Paced("429", Duration.ofSeconds(50), Paced.Scope.ACCOUNT));
        send("anna", 1);
        queue("telegram/other", "cleo", null, "m", false);
        deliveries.discard(DeliveryFilter.ALL);
        world.advance(Duration.ofSeconds(10));

        // When
        deliveries.drain(Duration.ofSeconds(1));
        deliveries = restarted();
        send("anna", 1);
        queue("telegram/other", "dora", null, "m", false);
        world.advance(Duration.ofSeconds(39));
        int doraInTime = channel.texts("dora").size();
        world.advance(Duration.ofSeconds(2));
        int doraAfter = channel.texts("dora").size();
        world.advance(Duration.ofSeconds(48));
        int annaInTime = channel.texts("anna").size();
        world.advance(Duration.ofSeconds(2));

        // Then
        assertThat(doraInTime).isZero();
        assertThat(doraAfter).isEqualTo(1);
        assertThat(annaInTime).isEqualTo(1);
        assertThat(channel.texts("anna")).hasSize(2);
    }

    @Test
    void beingToldMakesUsSlowerAndThatWearsOff() throws Exception {
        // Given
        channel.willAnswer("anna", new Paced("429", Duration.ofSeconds(1), Paced.Scope.PEER));
        send("anna", 5);
        world.advance(Duration.ofSeconds(8));
        List<Duration> after = gaps("anna");

        // When
        world.advance(Duration.ofMinutes(10));
        channel.sent.clear();
        send("anna", 3);
        world.advance(Duration.ofSeconds(4));

        // Then
        assertThat(after.subList(1, 4)).allSatisfy(gap -> assertThat(gap).isBetween(millis(1_230), millis(1_270)));
        assertThat(gaps("anna")).allSatisfy(gap -> assertThat(gap).isBetween(millis(1_000), millis(1_010)));
        assertThat(store.notes(SCOPE)).as("nothing is left to remember").isEmpty();
    }

    @Test
    void whatWasLearntIsRememberedOverARestart() throws Exception {
        // Given
        var told = new Paced("429", Duration.ofSeconds(1), Paced.Scope.PEER);
        channel.willAnswer("anna", told, told, told);
        send("anna", 1);
        world.advance(Duration.ofSeconds(6));
        channel.sent.clear();

        // When
        deliveries.drain(Duration.ofSeconds(1));
        deliveries = restarted();
        send("anna", 3);
        world.advance(Duration.ofSeconds(5));

        // Then
        assertThat(gaps("anna")).hasSize(2).allSatisfy(gap -> assertThat(gap).isBetween(millis(1_850), millis(1_960)));
    }

    @Test
    void severalThatWereToldTogetherMakeUsSlowerOnce() throws Exception {
        // Given
        var told = new Paced("429", Duration.ofSeconds(2), Paced.Scope.ACCOUNT);
        channel.latency = Duration.ofMillis(50);
        for (int i = 0; i < 5; i++) {
            channel.willAnswer("p" + i, told);
            queue("telegram", "p" + i, null, "m", false);
        }

        // When
        world.advance(Duration.ofMillis(60));

        // Then
        assertThat(meters.scrape())
                .contains("patchbay_paced_total{channel=\"telegram\",scope=\"account\"} 5")
                .contains("patchbay_pacing_factor{account=\"default\",channel=\"telegram\"} 1.2");
    }

    @Test
    void whatWasSentBeforeARestartStillCounts() throws Exception {
        // Given
        for (int i = 0; i < 25; i++) {
            queue("telegram", "group:g", null, "m", false);
        }
        world.advance(Duration.ofSeconds(30));

        // When
        deliveries.drain(Duration.ofSeconds(1));
        deliveries = restarted();
        world.advance(Duration.ofSeconds(30));
        int inTheFirstMinute = channel.sent.size();
        world.advance(Duration.ofSeconds(1));

        // Then
        assertThat(inTheFirstMinute).isEqualTo(20);
        assertThat(channel.sent).hasSize(25);
    }

    @Test
    void whatWasCutOffByAKillStillCounts() throws Exception {
        // Given
        for (int i = 0; i < 20; i++) {
            Prepared prepared = deliveries.prepare(outbound("telegram", "group:g", "thread " + i, "m", false));
            store.enqueue(prepared.row(), Optional.empty());
            store.attemptStarted(prepared.row().deliveryId(), 1, world.clock().instant());
        }

        // When
        deliveries = restarted();
        world.advance(Duration.ofSeconds(59));
        int inTheFirstMinute = channel.sent.size();
        world.advance(Duration.ofSeconds(2));

        // Then
        assertThat(inTheFirstMinute).isZero();
        assertThat(channel.sent).hasSize(20);
    }

    @Test
    void beingToldNeverMakesABucketQuicker() throws Exception {
        // Given
        pacing = new Pacing(List.of(), List.of(new Bucket(5, Duration.ofSeconds(1))), List.of());
        var fine = new Delivered("r");
        channel.willAnswer(
                "anna", fine, fine, fine, fine, fine, fine, fine, new Paced("429", millis(100), Paced.Scope.PEER));

        // When
        send("anna", 20);
        world.advance(Duration.ofSeconds(40));

        // Then
        List<Instant> sent = channel.sent.stream().map(Sent::at).toList();
        assertThat(sent).hasSize(21);
        for (int first = 0; first < sent.size(); first++) {
            for (int last = first; last < sent.size(); last++) {
                Duration refilled = Duration.between(sent.get(first), sent.get(last));
                assertThat(last - first + 1).isLessThanOrEqualTo(5 + (int) refilled.toSeconds());
            }
        }
    }

    @Test
    void aNoteThatNobodyUnderstandsIsLeftOut() throws Exception {
        // Given
        deliveries.drain(Duration.ofSeconds(1));
        store.keep(new StoredNote(SCOPE, "account", "until tomorrow"));

        // When
        deliveries = restarted();
        send("anna", 1);

        // Then
        assertThat(channel.texts("anna")).hasSize(1);
    }

    @Test
    void peersAreServedInTurnsWhoeverHasMostQueued() throws Exception {
        // Given
        pacing = new Pacing(List.of(new Bucket(1, Duration.ofMillis(100))), List.of(), List.of());
        isOpen = false;
        send("anna", 20);
        send("ben", 3);
        send("cleo", 3);

        // When
        isOpen = true;
        world.advance(Duration.ofMillis(250 + 900));

        // Then
        assertThat(channel.peers().subList(0, 9))
                .containsExactly("anna", "ben", "cleo", "anna", "ben", "cleo", "anna", "ben", "cleo");
    }

    @Test
    void answersGoBeforeTheRestWhichIsNotForgotten() throws Exception {
        // Given
        pacing = new Pacing(List.of(new Bucket(1, Duration.ofMillis(100))), List.of(), List.of());
        isOpen = false;
        send("bulk1", 10);
        send("bulk2", 10);
        queue("telegram", "bulk2", null, "999", true);
        for (int i = 0; i < 15; i++) {
            queue("telegram", "human" + i, null, "m", true);
        }

        // When
        isOpen = true;
        world.advance(Duration.ofMillis(250 + 2_000));

        // Then
        List<String> peers = channel.peers();
        assertThat(peers.getFirst()).as("lifted by its answer").isEqualTo("bulk2");
        assertThat(peers.subList(0, 7)).doesNotContain("bulk1");
        assertThat(peers.get(7)).isEqualTo("bulk1");
        assertThat(channel.texts("bulk2")).isSorted();
    }

    @Test
    void answersStillGoFirstAfterARestart() throws Exception {
        // Given
        pacing = new Pacing(List.of(new Bucket(1, Duration.ofMillis(100))), List.of(), List.of());
        isOpen = false;
        send("bulk", 5);
        queue("telegram", "human", null, "m", true);

        // When
        deliveries.drain(Duration.ofSeconds(1));
        deliveries = restarted();
        isOpen = true;
        world.advance(Duration.ofMillis(250));

        // Then
        assertThat(channel.peers()).startsWith("human");
    }

    @Test
    void whatIsShownCountsAndLeavesHalfToMessages() throws Exception {
        // Given
        pacing = new Pacing(List.of(new Window(4, Duration.ofSeconds(30))), List.of(), List.of());
        Showing showing =
                deliveries.show(outbound("telegram", "anna", null, "", true), "m1", new Showing.Left(Optional.empty()));

        // When
        for (int i = 0; i < 6; i++) {
            showing.delta("word ");
            world.advance(Duration.ofMillis(1_050));
        }
        showing.end();
        queue("telegram", "anna", null, "1", true);
        queue("telegram", "ben", null, "2", true);
        queue("telegram", "cleo", null, "3", true);

        // Then
        assertThat(channel.drafts).isEqualTo(2);
        assertThat(channel.sent).hasSize(2);
    }

    @Test
    void aDraftThatIsToldToWaitHoldsBackTheMessage() throws Exception {
        // Given
        channel.willAnswer("anna", new Paced("429", Duration.ofSeconds(9), Paced.Scope.PEER));
        Showing showing =
                deliveries.show(outbound("telegram", "anna", null, "", true), "m1", new Showing.Left(Optional.empty()));
        showing.delta("word ");
        world.advance(Duration.ofMillis(600));
        showing.end();

        // When
        queue("telegram", "anna", null, "1", true);
        world.advance(Duration.ofSeconds(8));
        int inTime = channel.sent.size();
        world.advance(Duration.ofSeconds(1));

        // Then
        assertThat(inTime).isZero();
        assertThat(channel.sent).hasSize(1);
    }

    /** A channel whose answers take a while, by the test's clock. */
    private final class TimedChannel implements Channel {
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

    private record Sent(Instant at, OutboundMessage message) {}

    private List<Duration> gaps(String peer) {
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

    /** Most sends in any stretch of time. */
    private long most(Duration stretch) {
        return channel.sent.stream()
                .mapToLong(first -> channel.sent.stream()
                        .filter(each -> !each.at().isBefore(first.at())
                                && each.at().isBefore(first.at().plus(stretch)))
                        .count())
                .max()
                .orElseThrow();
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    private Deliveries restarted() throws Exception {
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

    private Outlets outlets() {
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

    private void send(String peer, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            queue("telegram", peer, null, "%03d".formatted(i), false);
        }
    }

    private void queue(String account, String peer, @Nullable String thread, String text, boolean isReply)
            throws Exception {
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

    private static Outbound outbound(
            String account, String peer, @Nullable String thread, String text, boolean isReply) {
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

    private StoredDelivery only() throws Exception {
        List<StoredDelivery> all =
                store.deliveries(DeliveryFilter.ALL, 100, Optional.empty()).items();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }
}
