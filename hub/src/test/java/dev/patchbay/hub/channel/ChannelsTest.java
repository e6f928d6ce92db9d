package dev.patchbay.hub.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.Capability;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelHost.Condition;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.TextLimit;
import dev.patchbay.hub.channel.ChannelStatus.State;
import dev.patchbay.hub.delivery.Outlets.Traits;
import dev.patchbay.hub.plugin.PluginRefusal;
import dev.patchbay.hub.tenant.Visibility;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Opening, watching and reopening accounts. */
@Timeout(60)
class ChannelsTest {
    private static final Map<String, String> NOTHING = Map.of();

    private final Switchboard board = new Switchboard();
    private final ScriptedPlugin plugin = new ScriptedPlugin("matrix");

    ChannelsTest() throws InterruptedException {}

    @AfterEach
    void stop() {
        board.close();
    }

    @Test
    void anAccountIsOpenedAndMessagesGoThroughIt() throws Exception {
        // When
        Channels channels = board.account("matrix", "default", NOTHING).start(plugin);
        board.awaitState("matrix", "running");
        plugin.host().receive(Switchboard.hello());

        // Then
        assertThat(board.received).containsExactly("matrix default hello");
        assertThat(channels.open("matrix", "default")).isPresent();
        assertThat(channels.traits("Matrix", "Default")).contains(new Traits(Set.of(Capability.SEND), TextLimit.NONE));
    }

    @Test
    void anAccountGoesOverToAnotherPluginAfterItsOldChannelIsClosed() throws Exception {
        // Given
        var next = new ScriptedPlugin("matrix");
        var wasClosed = new AtomicBoolean();
        next.openings.add(host -> wasClosed.set(!plugin.closed.isEmpty()));
        Channels channels = board.account("matrix", "default", NOTHING).start(plugin);
        board.awaitState("matrix", "running");

        // When
        channels.handOver(Map.of("matrix", next), Set.of());

        // Then
        assertThat(wasClosed).isTrue();
        assertThat(board.statesOf("matrix")).doesNotContain("stopped").endsWith("running");
        assertThat(state(channels, "matrix")).isEqualTo(State.RUNNING);
        assertThat(plugin.tries).hasValue(1);
        assertThat(next.tries).hasValue(1);
    }

    @Test
    void anAccountThatDoesNotOpenWithTheOtherPluginGoesBack() throws Exception {
        // Given
        var next = new ScriptedPlugin("matrix");
        next.openings.add(host -> {
            throw new IllegalStateException("token refused");
        });
        Channels channels = board.account("matrix", "default", NOTHING).start(plugin);
        board.awaitState("matrix", "running");

        // When / Then
        assertThatThrownBy(() -> channels.handOver(Map.of("matrix", next), Set.of()))
                .isInstanceOf(PluginRefusal.class)
                .hasMessageContaining("matrix:default")
                .hasMessageContaining("token refused");
        board.awaitState("matrix", "running");
        assertThat(plugin.tries).hasValue(2);
        assertThat(channels.open("matrix", "default")).isPresent();
    }

    @Test
    void aPausedAccountStaysPausedWhenItGoesOver() throws Exception {
        // Given
        var next = new ScriptedPlugin("matrix");
        Channels channels = board.account("matrix", "default", NOTHING).start(plugin);
        board.awaitState("matrix", "running");
        channels.pause("matrix", "default");

        // When
        channels.handOver(Map.of("matrix", next), Set.of());
        State paused = state(channels, "matrix");
        int whilePaused = next.tries.get();
        channels.resume("matrix", "default");
        board.awaitState("matrix", "running");

        // Then
        assertThat(paused).isEqualTo(State.PAUSED);
        assertThat(whilePaused).isZero();
        assertThat(next.tries).hasValue(1);
    }

    @Test
    void anAccountWhosePluginGoesIsShownAndOneWhosePluginComesIsOpened() throws Exception {
        // Given
        Channels channels = board.account("matrix", "default", NOTHING).start();
        State before = state(channels, "matrix");

        // When
        channels.handOver(Map.of("matrix", plugin), Set.of());
        board.awaitState("matrix", "running");
        boolean takesHttp = channels.httpTarget("matrixs", "default").isPresent();
        channels.handOver(Map.of(), Set.of("matrix"));

        // Then
        assertThat(before).isEqualTo(State.FAILED);
        assertThat(takesHttp).isTrue();
        assertThat(channels.status().getFirst().lastError()).contains("no plugin offers channel matrix");
        assertThat(channels.traits("matrix", "default")).isEmpty();
        assertThat(channels.httpTarget("matrixs", "default")).isEmpty();
        assertThat(plugin.closed).hasSize(1);
    }

    @Test
    void anAccountThatHangsWhileOpeningHoldsUpNobody() throws Exception {
        // Given
        var slow = new ScriptedPlugin("slow");
        slow.openings.add(host -> ScriptedPlugin.hang());

        // When
        Channels channels = board.account("slow", "default", NOTHING)
                .account("matrix", "default", NOTHING)
                .start(slow, plugin);
        board.awaitState("matrix", "running");

        // Then
        assertThat(state(channels, "slow")).isEqualTo(State.STARTING);
        assertThat(channels.open("slow", "default")).isEmpty();
        assertThat(channels.traits("slow", "default")).isPresent();
    }

    @Test
    void anOpeningThatHangsIsGivenUpAndWhatItBringsLaterIsClosed() throws Exception {
        // Given
        var release = new CountDownLatch(1);
        plugin.openings.add(host -> ScriptedPlugin.hangStubbornly(release));
        board.account("matrix", "default", NOTHING).start(plugin);
        ChannelHost first = plugin.host();

        // When
        board.time.advance(Duration.ofSeconds(30));
        String reason = board.awaitState("matrix", "failed");
        release.countDown();

        // Then
        assertThat(reason).isEqualTo("open did not come back within 30000 ms");
        assertThat(plugin.closed.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThatThrownBy(() -> first.receive(Switchboard.hello()))
                .isInstanceOfSatisfying(NotAccepted.class, refused -> assertThat(refused.reason())
                        .isEqualTo(NotAccepted.Reason.SHUTTING_DOWN));
    }

    @Test
    void anAccountThatFailsIsOpenedAgainAfterAPauseThatDoubles() throws Exception {
        // Given
        fails(3);
        board.account("matrix", "default", NOTHING).start(plugin);

        // When
        for (int pause : new int[] {1, 2, 4}) {
            board.awaitState("matrix", "failed");
            int before = plugin.tries.get();
            board.time.advance(Duration.ofMillis(pause * 1_000L - 1));
            assertThat(plugin.tries).hasValue(before);
            board.time.advance(Duration.ofMillis(pause * 200L + 1));
        }
        board.awaitState("matrix", "running");

        // Then
        assertThat(plugin.tries).hasValue(4);
    }

    @Test
    void afterTenTriesWithinAnHourItIsParkedUntilTheHourAllowsAnother() throws Exception {
        // Given
        fails(12);
        Channels channels = board.account("matrix", "default", NOTHING).start(plugin);
        String reason = board.awaitState("matrix", "failed");
        for (int i = 0; i < Restarts.PER_HOUR; i++) {
            // Hardly longer than the pause: an opening under way must not run into its own time limit.
            board.time.advance(Duration.ofMillis(1_200L * Math.min(60, 1 << i)));
            reason = board.awaitState("matrix", "failed");
        }

        // When
        int tries = plugin.tries.get();
        board.time.advance(Duration.ofMinutes(53));
        int meanwhile = plugin.tries.get();
        board.time.advance(Duration.ofMinutes(1));
        board.awaitState("matrix", "failed");

        // Then
        assertThat(reason).contains("IOException: no route", "10 tries within an hour");
        assertThat(tries).isEqualTo(1 + Restarts.PER_HOUR);
        assertThat(meanwhile).isEqualTo(tries);
        assertThat(plugin.tries).hasValue(tries + 1);
        assertThat(state(channels, "matrix")).isEqualTo(State.FAILED);
    }

    @Test
    void whatOnlyAPersonCanCureIsNotTriedAgainBeforeSomebodyActs() throws Exception {
        // Given
        plugin.openings.add(host -> {
            host.report(Condition.FAILED, "401 Unauthorized");
            throw new IllegalStateException("giving up");
        });
        Channels channels = board.account("matrix", "default", NOTHING).start(plugin);
        String reason = board.awaitState("matrix", "failed");

        // When
        board.time.advance(Duration.ofHours(3));
        int tries = plugin.tries.get();
        channels.restart("matrix", "default");
        board.awaitState("matrix", "running");

        // Then
        assertThat(reason).isEqualTo("401 Unauthorized");
        assertThat(tries).isEqualTo(1);
    }

    @Test
    void anOpenAccountIsWhatItReports() throws Exception {
        // Given
        Channels channels = board.account("matrix", "default", NOTHING).start(plugin);
        board.awaitState("matrix", "running");
        ChannelHost host = plugin.host();

        // When
        host.report(Condition.DEGRADED, "unreachable");
        boolean whileDegraded = channels.open("matrix", "default").isPresent();
        host.report(Condition.FAILED, "token refused");
        boolean whileFailed = channels.open("matrix", "default").isPresent();
        host.report(Condition.RUNNING, "");

        // Then
        assertThat(board.awaitState("matrix", "degraded")).isEqualTo("unreachable");
        assertThat(board.awaitState("matrix", "failed")).isEqualTo("token refused");
        assertThat(board.awaitState("matrix", "running")).isEmpty();
        assertThat(whileDegraded).isTrue();
        assertThat(whileFailed).isFalse();
    }

    @Test
    void whatIsReportedWhileOpeningCountsOnceItIsOpen() throws Exception {
        // Given
        plugin.openings.add(host -> host.report(Condition.DEGRADED, "unreachable"));

        // When
        board.account("matrix", "default", NOTHING).start(plugin);

        // Then
        assertThat(board.awaitState("matrix", "degraded")).isEqualTo("unreachable");
    }

    @Test
    void aPausedAccountIsClosedUntilItIsResumed() throws Exception {
        // Given
        Channels channels = board.account("matrix", "default", NOTHING).start(plugin);
        board.awaitState("matrix", "running");
        ChannelHost before = plugin.host();

        // When
        ChannelStatus paused = channels.pause("matrix", "default").orElseThrow();
        boolean openWhilePaused = channels.open("matrix", "default").isPresent();
        boolean closed = plugin.closed.poll(10, TimeUnit.SECONDS) != null;
        board.time.advance(Duration.ofHours(2));
        int tries = plugin.tries.get();
        channels.resume("matrix", "default");
        board.awaitState("matrix", "running");

        // Then
        assertThat(paused.state()).isEqualTo(State.PAUSED);
        assertThat(openWhilePaused).isFalse();
        assertThat(closed).isTrue();
        assertThat(tries).isEqualTo(1);
        assertThatThrownBy(() -> before.receive(Switchboard.hello())).isInstanceOf(NotAccepted.class);
        plugin.host().receive(Switchboard.hello());
        assertThat(board.received).hasSize(1);
    }

    @Test
    void aRestartReplacesTheConnectionAndTheOldOneIsDeaf() throws Exception {
        // Given
        Channels channels = board.account("matrix", "default", NOTHING).start(plugin);
        board.awaitState("matrix", "running");
        ChannelHost old = plugin.host();

        // When
        channels.restart("matrix", "default");
        board.awaitState("matrix", "running");
        old.report(Condition.FAILED, "from beyond");

        // Then
        assertThat(plugin.closed).hasSize(1);
        assertThat(plugin.host()).isNotSameAs(old);
        assertThat(state(channels, "matrix")).isEqualTo(State.RUNNING);
        assertThat(old.present(board.message("D1"))).isFalse();
        assertThatThrownBy(() -> old.receive(Switchboard.hello())).isInstanceOf(NotAccepted.class);
        assertThat(board.received).isEmpty();
    }

    @Test
    void accountsThatCannotBeOpenedSayWhy() throws Exception {
        // Given
        plugin.configured = false;

        // When
        Channels channels = board.account("matrix", "default", NOTHING)
                .account("telegram", "default", Map.of("token", ""))
                .account("discord", "default", Map.of("token", "secret-token"))
                .account("telegrm", "default", NOTHING)
                .account("matrix", "off", NOTHING, false)
                .start(plugin);

        // Then
        assertThat(channels.status())
                .extracting(each -> each.channel() + " " + each.accountId() + " "
                        + each.state().word() + " " + each.lastError().orElse("-"))
                .containsExactly(
                        "matrix default not_configured -",
                        "telegram default not_configured -",
                        "discord default failed no plugin offers channel discord",
                        "telegrm default failed no plugin offers channel telegrm",
                        "matrix off stopped -");
        assertThat(channels.traits("matrix", "default")).isEmpty();
        assertThat(channels.restart("telegrm", "default").orElseThrow().state()).isEqualTo(State.FAILED);
        assertThat(channels.restart("matrix", "default").orElseThrow().state()).isEqualTo(State.NOT_CONFIGURED);
        assertThat(channels.restart("matrix", "nobody")).isEmpty();
    }

    @Test
    void noSecretShowsInAReason() throws Exception {
        // Given
        plugin.openings.add(host -> {
            throw new IllegalStateException("GET https://api.example.org/bot12345:abcdef/getMe failed\nbadly");
        });

        // When
        board.account("matrix", "default", Map.of("token", "12345:abcdef")).start(plugin);

        // Then
        assertThat(board.awaitState("matrix", "failed"))
                .isEqualTo("IllegalStateException: GET https://api.example.org/bot***/getMe failed badly");
    }

    @Test
    void closingIsBoundedEvenIfAChannelWillNotClose() throws Exception {
        // Given
        var closing = new CountDownLatch(1);
        plugin.closing = () -> {
            closing.countDown();
            ScriptedPlugin.hang();
            return true;
        };
        Channels channels = board.account("matrix", "default", NOTHING).start(plugin);
        board.awaitState("matrix", "running");

        // When
        Thread closer = Thread.ofVirtual().start(channels::close);
        closing.await(10, TimeUnit.SECONDS);
        board.time.advance(Duration.ofSeconds(10));

        // Then
        assertThat(closer.join(Duration.ofSeconds(10))).isTrue();
        assertThat(state(channels, "matrix")).isEqualTo(State.STOPPED);
    }

    @Test
    void anOpeningUnderWayDoesNotHoldUpAClose() throws Exception {
        // Given
        plugin.openings.add(host -> ScriptedPlugin.hang());
        Channels channels = board.account("matrix", "default", NOTHING).start(plugin);
        plugin.host();

        // When
        channels.close();

        // Then
        assertThat(state(channels, "matrix")).isEqualTo(State.STOPPED);
    }

    @Test
    void whoWaitsForTheFirstTriesIsToldWhetherAllAreOver() throws Exception {
        // Given
        var slow = new ScriptedPlugin("slow");
        slow.openings.add(host -> ScriptedPlugin.hang());
        fails(1);
        Channels channels = board.account("matrix", "default", NOTHING)
                .account("slow", "default", NOTHING)
                .start(slow, plugin);
        slow.host();

        // When
        boolean whileOneHangs = channels.awaitTried(Duration.ofMillis(10));
        board.time.advance(Duration.ofSeconds(30));
        boolean afterItsLimit = channels.awaitTried(Duration.ofSeconds(10));

        // Then
        assertThat(whileOneHangs).isFalse();
        assertThat(afterItsLimit).isTrue();
    }

    @Test
    void attachedTerminalsAreShownAMessage() throws Exception {
        // Given
        board.account("matrix", "default", NOTHING).start(plugin);
        ChannelHost host = plugin.host();
        boolean unattended = host.present(board.message("D1"));
        var seen = new java.util.concurrent.CopyOnWriteArrayList<Map<String, String>>();

        // When
        board.events.subscribe(
                new dev.patchbay.hub.event.Events.Filter(null, "matrix", "anna", Visibility.WHOLE),
                event -> seen.add(event.fields()));
        boolean attended = host.present(board.message("D2"));

        // Then
        assertThat(unattended).isFalse();
        assertThat(attended).isTrue();
        assertThat(seen)
                .contains(Map.of(
                        "channel",
                        "matrix",
                        "account_id",
                        "default",
                        "to",
                        "anna",
                        "text",
                        "hello",
                        "delivery_id",
                        "D2"));
    }

    private void fails(int times) {
        for (int i = 0; i < times; i++) {
            plugin.openings.add(host -> {
                throw new java.io.IOException("no route");
            });
        }
    }

    private static State state(Channels channels, String channel) {
        return Objects.requireNonNull(channels.status().stream()
                .filter(each -> each.channel().equals(channel))
                .findFirst()
                .map(ChannelStatus::state)
                .orElse(null));
    }
}
