package dev.patchbay.fakes.telegram;

import static dev.patchbay.fakes.telegram.TelegramFaults.chat;
import static dev.patchbay.fakes.telegram.TelegramFaults.method;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.fakes.http.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong when told to. */
@Timeout(30)
class TelegramFaultsTest {
    final FakeTelegram telegram = FakeTelegram.start();
    final FakeBot bot = telegram.addBot("42:secret", "patchbay_bot");
    final FakeChat anna = bot.direct(7, "Anna");
    final FakeChat bob = bot.direct(8, "Bob");
    final BotClient client = new BotClient(telegram, "42:secret");

    @AfterEach
    void close() {
        client.close();
        telegram.close();
    }

    @Test
    void aFaultHitsTheMethodAndTheChatItIsMeantFor() throws Exception {
        // Given
        telegram.faults().next(1, method("sendMessage").and(chat(8)), TelegramFaults.blocked());

        // When
        BotClient.Answer toAnna = client.send(7, "x");
        BotClient.Answer toBob = client.send(8, "x");
        BotClient.Answer again = client.send(8, "y");

        // Then
        assertThat(toAnna.status()).isEqualTo(200);
        assertThat(toBob.json().toString())
                .isEqualTo(
                        "{\"ok\":false,\"error_code\":403,\"description\":\"Forbidden: bot was blocked by the user\"}");
        assertThat(again.status()).isEqualTo(200);
        assertThat(bob.texts()).containsExactly("y");
        assertThat(telegram.requests("sendMessage")).isEqualTo(3);
    }

    @Test
    void aFaultHitsTheBotItIsMeantFor() throws Exception {
        // Given
        FakeBot other = telegram.addBot("43:other", "other");
        telegram.faults().always(TelegramFaults.bot(other), TelegramFaults.unauthorized());

        // When
        try (var others = new BotClient(telegram, "43:other")) {
            // Then
            assertThat(others.call("getMe").status()).isEqualTo(401);
            assertThat(client.call("getMe").status()).isEqualTo(200);
        }
    }

    @Test
    void everyAnswerOfTelegramsOwnHasItsShape() throws Exception {
        assertThat(once(TelegramFaults.chatNotFound()).description()).isEqualTo("Bad Request: chat not found");
        assertThat(once(TelegramFaults.conflict()).status()).isEqualTo(409);
        assertThat(once(TelegramFaults.internalError())
                        .json()
                        .path("error_code")
                        .asInt())
                .isEqualTo(500);
        assertThat(once(TelegramFaults.tooManyRequests(3)).json().toString())
                .isEqualTo("{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests: retry after 3\","
                        + "\"parameters\":{\"retry_after\":3}}");
        assertThat(once(TelegramFaults.garbage()).json().isEmpty()).isTrue();
        assertThat(once(TelegramFaults.wrongShape()).result().isObject()).isTrue();
        assertThat(once(Fault.badGateway()).status()).isEqualTo(502);
        assertThat(anna.texts()).isEmpty();
    }

    @Test
    void aResetAfterAcceptingLeavesTheMessageInTheChat() {
        // Given
        telegram.faults().next(1, method("sendMessage"), Fault.resetAfter());

        // When
        assertThatThrownBy(() -> client.send(7, "seen")).isInstanceOf(IOException.class);

        // Then
        assertThat(anna.texts()).containsExactly("seen");
    }

    @Test
    void aResetBeforeAcceptingDoesNot() {
        // Given
        telegram.faults().next(1, method("sendMessage"), Fault.resetBefore());

        // When
        assertThatThrownBy(() -> client.send(7, "unseen")).isInstanceOf(IOException.class);

        // Then
        assertThat(anna.texts()).isEmpty();
    }

    @Test
    void aRevokedTokenStaysRevokedAlsoForThePollThatHangs() throws Exception {
        // Given
        var poll = client.later("getUpdates", Map.of("timeout", 50));

        // When
        bot.revoke();

        // Then
        assertThat(poll.get().status()).isEqualTo(401);
        assertThat(client.send(7, "x").description()).isEqualTo("Unauthorized");
    }

    @Test
    void aBlockedChatIsForbiddenUntilItIsNot() throws Exception {
        // Given
        anna.block();
        FakeChat group = bot.group(-5, "Team");
        group.block();

        // When
        BotClient.Answer refused = client.send(7, "x");
        BotClient.Answer kicked = client.send(-5, "x");
        anna.unblock();

        // Then
        assertThat(refused.description()).isEqualTo("Forbidden: bot was blocked by the user");
        assertThat(kicked.description()).isEqualTo("Forbidden: bot was kicked from the group chat");
        assertThat(client.send(7, "x").status()).isEqualTo(200);
    }

    @Test
    void aPausedChatHoldsBackItselfAndAPausedBotEverything() throws Exception {
        // Given
        anna.pause(Duration.ofSeconds(30));

        // When
        BotClient.Answer anna1 = client.send(7, "x");
        BotClient.Answer bob1 = client.send(8, "x");
        bot.pause(Duration.ofMillis(29_500));
        BotClient.Answer bob2 = client.send(8, "x");
        BotClient.Answer me = client.call("getMe");

        // Then
        assertThat(anna1.retryAfter()).isEqualTo(30);
        assertThat(bob1.status()).isEqualTo(200);
        assertThat(bob2.retryAfter()).isEqualTo(30);
        assertThat(me.status()).isEqualTo(429);
        assertThat(bot.tooManyRequests()).isEqualTo(3);
        assertThat(bot.tooEarly()).isEqualTo(1);
    }

    private BotClient.Answer once(Fault fault) throws Exception {
        telegram.faults().next(1, request -> true, fault);
        return client.send(7, "x");
    }
}
