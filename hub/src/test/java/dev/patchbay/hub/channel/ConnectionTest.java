package dev.patchbay.hub.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import dev.patchbay.api.HttpAnswer;
import dev.patchbay.api.HttpCall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a plugin's channel can do to those who deliver through it and to those who send it requests: nothing. */
@Timeout(60)
class ConnectionTest {
    private static final HttpCall CALL = new HttpCall("POST", "/matrixs/default", Map.of(), new byte[0]);

    private final Switchboard board = new Switchboard();
    private final ScriptedPlugin plugin = new ScriptedPlugin("matrix");
    private final CountDownLatch end = new CountDownLatch(1);
    private Channels channels;
    private Channel outlet;

    ConnectionTest() throws InterruptedException {}

    @BeforeEach
    void start() throws Exception {
        channels = board.account("matrix", "default", Map.of("token", "s3cr3t-token"))
                .start(plugin);
        board.awaitState("matrix", "running");
        outlet = channels.open("matrix", "default").orElseThrow();
    }

    @AfterEach
    void stop() {
        end.countDown();
        board.close();
    }

    @Test
    void anOutcomePassesThrough() throws Exception {
        // When
        DeliveryOutcome outcome = outlet.deliver(board.message("D1"));

        // Then
        assertThat(outcome).isEqualTo(new Delivered("r-D1"));
    }

    @Test
    void whateverIsThrownMeansThatNobodyKnows() throws Exception {
        // Given
        plugin.delivery = message -> {
            throw new OutOfMemoryError("with s3cr3t-token");
        };

        // When
        DeliveryOutcome outcome = outlet.deliver(board.message("D1"));

        // Then
        assertThat(outcome).isEqualTo(new Unknown("plugin fault: OutOfMemoryError: with ***"));
    }

    @Test
    void noOutcomeMeansThatNobodyKnows() throws Exception {
        // Given
        plugin.delivery = message -> null;

        // When
        DeliveryOutcome outcome = outlet.deliver(board.message("D1"));

        // Then
        assertThat(outcome).isInstanceOf(Unknown.class);
    }

    @Test
    void absurdWaitsAndLongWordsAreCutDown() throws Exception {
        // Given
        plugin.delivery = message -> new RetryLater("x".repeat(1_000_000), Duration.ofDays(40_000));

        // When
        var outcome = (RetryLater) outlet.deliver(board.message("D1"));

        // Then
        assertThat(outcome.retryAfter()).isEqualTo(Duration.ofDays(1));
        assertThat(outcome.reason()).hasSizeLessThan(600);
    }

    @Test
    void aDeliveryThatIgnoresInterruptsIsGivenUpAndOthersGoOn() throws Exception {
        // Given
        var entered = new Semaphore(0);
        plugin.delivery = message -> {
            if (message.deliveryId().equals("D1")) {
                entered.release();
                ScriptedPlugin.hangStubbornly(end);
            }
            return new Delivered("r");
        };
        FutureTask<DeliveryOutcome> stuck = deliverOnItsOwnThread("D1");
        entered.acquire();

        // When
        DeliveryOutcome other = outlet.deliver(board.message("D2"));
        board.time.advance(Duration.ofSeconds(30));

        // Then
        assertThat(other).isEqualTo(new Delivered("r"));
        assertThat(stuck.get(10, TimeUnit.SECONDS))
                .isEqualTo(new Unknown("plugin fault: deliver did not come back within 30000 ms"));
    }

    @Test
    void anAccountWhoseDeliveriesNeverComeBackIsOpenedAgain() throws Exception {
        // Given
        var entered = new Semaphore(0);
        plugin.delivery = message -> {
            entered.release();
            ScriptedPlugin.hangStubbornly(end);
            return new Delivered("r");
        };
        var stuck = new ArrayList<FutureTask<DeliveryOutcome>>();
        for (int i = 0; i < Opener.STUCK_DELIVERIES; i++) {
            stuck.add(deliverOnItsOwnThread("D" + i));
        }
        entered.acquire(Opener.STUCK_DELIVERIES);

        // When
        board.time.advance(Duration.ofSeconds(30));
        String reason = board.awaitState("matrix", "failed");
        for (FutureTask<DeliveryOutcome> each : stuck) {
            each.get(10, TimeUnit.SECONDS);
        }
        board.time.advance(Duration.ofSeconds(2));
        board.awaitState("matrix", "running");

        // Then
        assertThat(reason).contains("16 calls into the plugin did not come back");
        assertThat(plugin.tries).hasValue(2);
        assertThat(outlet.deliver(board.message("late"))).isInstanceOf(Paced.class);
    }

    @Test
    void aRestartLetsADeliveryUnderWayFinish() throws Exception {
        // Given
        var entered = new Semaphore(0);
        plugin.delivery = message -> {
            entered.release();
            end.await();
            return new Delivered("r");
        };
        FutureTask<DeliveryOutcome> underWay = deliverOnItsOwnThread("D1");
        entered.acquire();

        // When
        channels.restart("matrix", "default");
        boolean closedBefore = plugin.closed.poll() != null;
        end.countDown();
        board.awaitState("matrix", "running");

        // Then
        assertThat(underWay.get(10, TimeUnit.SECONDS)).isEqualTo(new Delivered("r"));
        assertThat(closedBefore).isFalse();
        assertThat(plugin.closed).hasSize(1);
    }

    @Test
    void requestsReachTheAccountAndOnlyAnAccountThatTakesThem() throws Exception {
        // When
        HttpAnswer answer = target().receive(CALL);

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(channels.httpTarget("matrixs", "nobody")).isEmpty();
        assertThat(channels.httpTarget("matrix", "default")).isEmpty();
    }

    @Test
    void whatGoesWrongInAPluginDoesNotShowInItsAnswer() throws Exception {
        // Given
        plugin.http = () -> {
            throw new StackOverflowError("internals");
        };

        // When
        HttpAnswer thrown = target().receive(CALL);
        plugin.http = () -> null;
        HttpAnswer none = target().receive(CALL);
        plugin.http = () -> HttpAnswer.text(200, "hello").with("X-Evil", "a\r\nSet-Cookie: b");
        HttpAnswer split = target().receive(CALL);

        // Then
        for (HttpAnswer answer : new HttpAnswer[] {thrown, none, split}) {
            assertThat(answer.status()).isEqualTo(500);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo("{\"error\":\"internal error\"}");
        }
    }

    @Test
    void aPausedAccountAsksToComeBackLater() throws Exception {
        // Given
        channels.pause("matrix", "default");

        // When
        HttpAnswer answer = target().receive(CALL);

        // Then
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsEntry("Retry-After", "5");
    }

    @Test
    void tooManyRequestsAtOnceAreTurnedAway() throws Exception {
        // Given
        var entered = new Semaphore(0);
        plugin.http = () -> {
            entered.release();
            end.await();
            return HttpAnswer.text(200, "hello");
        };
        for (int i = 0; i < Connection.HTTP_AT_ONCE; i++) {
            Thread.ofVirtual().start(new FutureTask<>(() -> target().receive(CALL)));
        }
        entered.acquire(Connection.HTTP_AT_ONCE);

        // When
        HttpAnswer answer = target().receive(CALL);

        // Then
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsKey("Retry-After");
    }

    private HttpTarget target() {
        return channels.httpTarget("matrixs", "default").orElseThrow();
    }

    private FutureTask<DeliveryOutcome> deliverOnItsOwnThread(String id) {
        var task = new FutureTask<>(() -> outlet.deliver(board.message(id)));
        Thread.ofVirtual().start(task);
        return task;
    }
}
