package dev.patchbay.plugin.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Channel;
import dev.patchbay.api.HttpAnswer;
import dev.patchbay.api.HttpCall;
import dev.patchbay.api.HttpReceiver;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.fakes.telegram.FakeBot;
import dev.patchbay.fakes.telegram.FakeTelegram;
import dev.patchbay.testkit.ManualClock;
import dev.patchbay.testkit.RecordingHost;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WebhookTest {
    private static final String SECRET = "s3cret_-";

    private final FakeTelegram telegram = FakeTelegram.start();
    private final FakeBot bot = telegram.addBot(Bots.TOKEN, Bots.NAME);
    private final RecordingHost host = new RecordingHost(new ManualClock(Instant.parse("2026-03-01T12:00:00Z")));
    private Channel channel = new Bots.NoChannel();

    @AfterEach
    void stop() {
        channel.close();
        telegram.close();
    }

    @Test
    void aMessageIsAnsweredWhenItIsStored() throws Exception {
        open();

        assertThat(post(SECRET, message(1, "hello", "")).status()).isEqualTo(200);

        assertThat(host.stored().all()).extracting(InboundMessage::text).containsExactly("hello");
        assertThat(telegram.requests("getUpdates")).isZero();
    }

    @Test
    void withoutTheSecretNothingIsStored() throws Exception {
        open();

        assertThat(post("wrong", message(1, "hello", "")).status()).isEqualTo(401);
        assertThat(((HttpReceiver) channel)
                        .receive(new HttpCall("POST", "/telegram/default", Map.of(), bytes(message(1, "x", ""))))
                        .status())
                .isEqualTo(401);

        assertThat(host.received().all()).isEmpty();
    }

    @Test
    void unknownKindsAreTakenAndGarbageIsNot() throws Exception {
        open();

        assertThat(post(SECRET, "{\"update_id\":1,\"poll\":{\"id\":\"9\"}}").status())
                .isEqualTo(200);
        assertThat(post(SECRET, "{\"update_id\":1").status()).isEqualTo(400);
        assertThat(post(SECRET, "[]").status()).isEqualTo(200);
    }

    @Test
    void whatIsNotStoredIsAskedForAgain() throws Exception {
        open();
        host.refuseNext(NotAccepted.Reason.FULL, Duration.ofSeconds(2));

        HttpAnswer answer = post(SECRET, message(1, "hello", ""));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsKey("Retry-After");
    }

    @Test
    void anAlbumIsOneMessageAlsoWhenItsPartsComeAgainAndAfterARestart() throws Exception {
        open();
        String first = message(1, "two places", "\"media_group_id\":\"g1\",");
        String second = message(2, "", "\"media_group_id\":\"g1\",");
        post(SECRET, first);
        channel.close();
        assertThat(host.stored().all()).isEmpty();

        open();
        post(SECRET, first);
        post(SECRET, second);

        List<InboundMessage> stored = host.stored().await(1);
        assertThat(stored.getFirst().text()).isEqualTo("two places");
        assertThat(stored.getFirst().remoteId()).isEqualTo("7:1");
        post(SECRET, second);
        post(SECRET, message(3, "next", ""));
        assertThat(host.stored().await(2)).extracting(InboundMessage::text).containsExactly("two places", "next");
    }

    @Test
    void theServerIsToldWhereWeAre() throws Exception {
        open("public-url", "https://hub.example.org/");

        assertThat(telegram.requests("setWebhook")).isEqualTo(1);
    }

    private HttpAnswer post(String secret, String body) throws InterruptedException {
        return ((HttpReceiver) channel)
                .receive(new HttpCall(
                        "POST",
                        "/telegram/default",
                        Map.of("X-Telegram-Bot-Api-Secret-Token", List.of(secret)),
                        bytes(body)));
    }

    private static String message(int id, String text, String more) {
        return """
            {"update_id":%d,"message":{"message_id":%d,%s"date":1772366400,"text":"%s",
             "from":{"id":7,"first_name":"Anna"},"chat":{"id":7,"type":"private"}}}\
            """.formatted(id, id, more, text);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void open(Object... more) throws InterruptedException {
        bot.direct(7);
        var all = new ArrayList<Object>(List.of("mode", "webhook", "webhook-secret", SECRET));
        all.addAll(List.of(more));
        channel = Bots.open(Bots.at(telegram.url(), all.toArray()), host);
    }
}
