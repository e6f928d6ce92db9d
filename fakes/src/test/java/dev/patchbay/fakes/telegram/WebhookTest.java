package dev.patchbay.fakes.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.fakes.http.FakeServer;
import dev.patchbay.fakes.http.Fault;
import dev.patchbay.fakes.http.Faults;
import dev.patchbay.fakes.http.Request;
import dev.patchbay.fakes.http.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a bot learns of things that gave an address instead of polling. */
@Timeout(30)
class WebhookTest {
    final List<Request> posted = new CopyOnWriteArrayList<>();
    final Faults botFaults = new Faults();
    final FakeServer hook = FakeServer.start(
            0,
            request -> {
                posted.add(request);
                return Response.empty(200);
            },
            botFaults);
    final FakeTelegram telegram = FakeTelegram.start();
    final FakeBot bot = telegram.addBot("42:secret", "patchbay_bot");
    final FakeChat anna = bot.direct(7, "Anna");
    final BotClient client = new BotClient(telegram, "42:secret");

    @AfterEach
    void close() {
        client.close();
        telegram.close();
        hook.close();
    }

    @Test
    void updatesArePostedInOrderWithTheSecret() throws Exception {
        // Given
        anna.userSays("before");

        // When
        BotClient.Answer set =
                client.call("setWebhook", Map.of("url", hook.url() + "/here", "secret_token", "s3-cret_"));
        anna.userSays("after");

        // Then
        assertThat(set.description()).isEqualTo("Webhook was set");
        assertThat(bot.awaitConfirmed(Duration.ofSeconds(10))).isTrue();
        assertThat(posted).extracting(each -> text(each)).containsExactly("before", "after");
        assertThat(posted).allSatisfy(each -> {
            assertThat(each.path()).isEqualTo("/here");
            assertThat(each.headers().value("X-Telegram-Bot-Api-Secret-Token")).contains("s3-cret_");
        });
    }

    @Test
    void anUpdateIsPostedAgainUntilItIsTaken() throws Exception {
        // Given
        botFaults.next(1, request -> true, Fault.status(500));
        botFaults.next(1, request -> true, Fault.resetAfter());
        client.call("setWebhook", Map.of("url", hook.url()));

        // When
        anna.userSays("one");
        anna.userSays("two");

        // Then
        assertThat(bot.awaitConfirmed(Duration.ofSeconds(10))).isTrue();
        assertThat(posted).extracting(each -> text(each)).containsExactly("one", "one", "two");
        assertThat(client.call("getWebhookInfo")
                        .result()
                        .path("last_error_message")
                        .asText())
                .startsWith("Connection failed");
    }

    @Test
    void takenUpdatesComeOnceMoreOrInTheWrongOrderWhenTold() throws Exception {
        // Given
        bot.repeatNext(1);
        bot.reverseNext();
        anna.userSays("one");
        anna.userSays("two");
        anna.userSays("three");

        // When
        client.call("setWebhook", Map.of("url", hook.url()));

        // Then
        assertThat(bot.awaitConfirmed(Duration.ofSeconds(10))).isTrue();
        assertThat(posted).extracting(each -> text(each)).containsExactly("two", "two", "one", "three");
    }

    @Test
    void pollingAndAWebhookExcludeEachOther() throws Exception {
        // Given
        var poll = client.later("getUpdates", Map.of("timeout", 20));
        while (telegram.requests("getUpdates") == 0) {
            Thread.onSpinWait();
        }

        // When
        client.call("setWebhook", Map.of("url", hook.url()));
        BotClient.Answer later = client.call("getUpdates");
        BotClient.Answer deleted = client.call("deleteWebhook");
        BotClient.Answer last = client.call("getUpdates");

        // Then
        assertThat(poll.get(10, TimeUnit.SECONDS).status()).isEqualTo(409);
        assertThat(later.description())
                .isEqualTo("Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete"
                        + " the webhook first");
        assertThat(deleted.description()).isEqualTo("Webhook was deleted");
        assertThat(last.status()).isEqualTo(200);
    }

    @Test
    void aWebhookThatTelegramWouldNotTakeIsRefused() throws Exception {
        assertThat(client.call("setWebhook", Map.of("url", "http://example.org/"))
                        .status())
                .isEqualTo(400);
        assertThat(client.call("setWebhook", Map.of("url", hook.url(), "secret_token", "no blanks"))
                        .description())
                .isEqualTo("Bad Request: secret token contains unallowed characters");
        assertThat(client.call("getWebhookInfo").result().path("url").asText()).isEmpty();
    }

    private static String text(Request request) {
        return Json.read(request.body().text())
                .orElseThrow()
                .path("message")
                .path("text")
                .asText();
    }
}
