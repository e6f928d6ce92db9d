package dev.patchbay.plugin.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.Answer;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Channel;
import dev.patchbay.api.HttpAnswer;
import dev.patchbay.api.HttpCall;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Sender;
import dev.patchbay.testkit.ManualClock;
import dev.patchbay.testkit.RecordingHost;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InboundTest {
    private final RecordingHost host = new RecordingHost(new ManualClock(Instant.parse("2026-03-01T12:00:00Z")));

    @Test
    void aMessageIsStoredAndItsIdAnswered() throws Exception {
        // When
        HttpAnswer answer = post(Map.of(), Webhooks.call("{\"text\": \"hello\"}"));

        // Then
        assertThat(answer.status()).isEqualTo(202);
        assertThat(Webhooks.body(answer)).isEqualTo("{\"message_id\":\"M1\"}");
        assertThat(message().text()).isEqualTo("hello");
        assertThat(message().peer()).isEqualTo(Peer.direct("default"));
        assertThat(message().remoteId()).isNull();
    }

    @Test
    void everyFieldReachesTheHub() throws Exception {
        // When
        post(Map.of(), Webhooks.call("""
            {"text": "hello", "peer": {"kind": "group", "id": 42}, "thread_id": 7, "message_id": "m-1",
             "sender": {"id": "anna", "name": "Anna"}, "unknown": [1],
             "attachments": [{"url": "https://example.org/a", "media_type": "image/png", "name": "a.png"}]}
            """));

        // Then
        assertThat(message())
                .isEqualTo(InboundMessage.from(new Peer(Peer.Kind.GROUP, "42"), "hello")
                        .threadId("7")
                        .remoteId("m-1")
                        .sender(new Sender("anna", "Anna"))
                        .attach(List.of(new Attachment("https://example.org/a", "image/png", "a.png")))
                        .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"text\":\"x\",\"peer\":\" anna \"} | anna",
                "{\"text\":\"x\",\"peer\":9007199254740993} | 9007199254740993",
                "{\"text\":\"x\",\"peer\":123456789012345678901234567890} | 123456789012345678901234567890",
                "{\"text\":\"x\",\"peer\":{\"id\":-5}} | -5",
                "{\"text\":\"x\",\"peer\":null} | default",
            })
    void aPeerIsTextOrAWholeNumber(String body, String id) throws Exception {
        post(Map.of(), Webhooks.call(body));

        assertThat(message().peer()).isEqualTo(Peer.direct(id));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "hello",
                "null",
                "[]",
                "7",
                "\"text\"",
                "{",
                "{}",
                "{} {}",
                "{\"text\":\"x\"} trailing",
                "{\"text\":\"\"}",
                "{\"text\":\" \\n\"}",
                "{\"text\":null}",
                "{\"text\":5}",
                "{\"text\":[\"x\"]}",
                "{\"text\":\"x\",\"text\":\"y\"}",
                "{\"text\":\"x\",\"other\":{\"a\":1,\"a\":2}}",
                "{\"text\":\"\\ud800\"}",
                "{\"text\":\"\\udc00\\ud800\"}",
                "{\"text\":\"a\\u0000b\"}",
                "{\"text\":\"x\",\"peer\":\"\"}",
                "{\"text\":\"x\",\"peer\":true}",
                "{\"text\":\"x\",\"peer\":[]}",
                "{\"text\":\"x\",\"peer\":1.5}",
                "{\"text\":\"x\",\"peer\":1e400}",
                "{\"text\":\"x\",\"peer\":{}}",
                "{\"text\":\"x\",\"peer\":{\"kind\":\"robot\",\"id\":\"1\"}}",
                "{\"text\":\"x\",\"peer\":{\"kind\":5,\"id\":\"1\"}}",
                "{\"text\":\"x\",\"peer\":\"a\\nb\"}",
                "{\"text\":\"x\",\"peer\":\"\\ud800\"}",
                "{\"text\":\"x\",\"thread_id\":{}}",
                "{\"text\":\"x\",\"message_id\":false}",
                "{\"text\":\"x\",\"sender\":{\"name\":\"n\"}}",
                "{\"text\":\"x\",\"sender\":[]}",
                "{\"text\":\"x\",\"attachments\":{}}",
                "{\"text\":\"x\",\"attachments\":[5]}",
                "{\"text\":\"x\",\"attachments\":[{\"name\":\"n\"}]}",
                "{\"text\":\"x\",\"n\":NaN}",
                "{'text':'x'}",
                "{\"text\":\"x\",}",
                "\uFEFF{\"text\":\"x\"}",
                "// comment\n{\"text\":\"x\"}"
            })
    void aBodyThatIsNoMessageIsABadRequestWhateverTheScheme(String body) throws Exception {
        for (String scheme : List.of("none", "token")) {
            HttpAnswer answer = post(
                    Map.of("verify", scheme, "secret", "s3cret"), Webhooks.call(body, "X-Webhook-Token", "s3cret"));

            assertThat(answer.status()).isEqualTo(400);
            assertThat(json(answer).at("/error/code").asText()).isEqualTo("bad_request");
            assertThat(json(answer).at("/error/message").asText()).isNotBlank();
        }
        assertThat(host.received().all()).isEmpty();
    }

    @Test
    void hostileBodiesAreBadRequestsToo() throws Exception {
        String deep = "{\"text\":\"x\",\"a\":" + "[".repeat(64) + "]".repeat(64) + "}";
        String deepest = "[".repeat(100_000);
        String longNumber = "{\"text\":\"x\",\"n\":" + "9".repeat(2_000) + "}";
        String longExponent = "{\"text\":\"x\",\"n\":1e" + "9".repeat(20) + "}";
        String longPeer = "{\"text\":\"x\",\"peer\":\"" + "p".repeat(257) + "\"}";
        String manyNodes = "{\"text\":\"x\",\"a\":[" + "{},".repeat(200_000) + "{}]}";
        byte[] notUtf8 = {'{', '"', 't', 'e', 'x', 't', '"', ':', '"', (byte) 0xC3, '(', '"', '}'};
        byte[] utf16 = "{\"text\":\"x\"}".getBytes(StandardCharsets.UTF_16);

        for (String body : List.of(deep, deepest, longNumber, longExponent, longPeer, manyNodes)) {
            assertThat(post(Map.of(), Webhooks.call(body)).status()).isEqualTo(400);
        }
        assertThat(post(Map.of(), Webhooks.call(notUtf8)).status()).isEqualTo(400);
        assertThat(post(Map.of(), Webhooks.call(utf16)).status()).isEqualTo(400);
        assertThat(host.received().all()).isEmpty();
    }

    @Test
    void sixtyFourLevelsAreNotTooDeep() throws Exception {
        String body = "{\"text\":\"x\",\"a\":" + "[".repeat(63) + "]".repeat(63) + "}";

        assertThat(post(Map.of(), Webhooks.call(body)).status()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"})
    void onlyPostIsUnderstood(String method) throws Exception {
        HttpAnswer answer =
                Webhooks.post(open(Map.of()), new HttpCall(method, "/webhooks/default", Map.of(), new byte[0]));

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("Allow", "POST");
    }

    @Test
    void aTokenIsTakenFromEitherHeaderAndMayBeTheNewOrTheOldOne() throws Exception {
        var account = Map.of("verify", "token", "secrets", List.of("new", "old"));
        String body = "{\"text\":\"x\"}";

        assertThat(post(account, Webhooks.call(body, "Authorization", "Bearer new"))
                        .status())
                .isEqualTo(202);
        assertThat(post(account, Webhooks.call(body, "authorization", "bearer old"))
                        .status())
                .isEqualTo(202);
        assertThat(post(account, Webhooks.call(body, "X-Webhook-Token", "old")).status())
                .isEqualTo(202);
        assertThat(post(account, Webhooks.call(body)).status()).isEqualTo(401);
        assertThat(post(account, Webhooks.call(body, "X-Webhook-Token", "olds")).status())
                .isEqualTo(401);
        assertThat(post(account, Webhooks.call(body, "X-Webhook-Token", "")).status())
                .isEqualTo(401);
        assertThat(post(account, Webhooks.call(body, "Authorization", "Basic new"))
                        .status())
                .isEqualTo(401);
        assertThat(host.received().all()).hasSize(3);
    }

    @Test
    void svixNamesAreTakenToo() throws Exception {
        // Given
        String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        var account = Map.of("verify", "standard-webhooks", "secret", secret);
        String body = "{\"text\":\"x\"}";
        String now = Long.toString(host.clock().instant().getEpochSecond());
        String signature = new StandardWebhooks(secret).sign("m1", now, body.getBytes(StandardCharsets.UTF_8));

        // When
        HttpAnswer answer = post(
                account,
                Webhooks.call(body, "svix-id", "m1", "svix-timestamp", now, "svix-signature", "v1,AAAA " + signature));
        HttpAnswer mixed = post(
                account,
                Webhooks.call(
                        body, "svix-id", "m1", "svix-timestamp", now, "svix-signature", signature, "webhook-id", "m2"));

        // Then
        assertThat(answer.status()).isEqualTo(202);
        assertThat(message().remoteId()).isEqualTo("m1");
        assertThat(mixed.status()).as("an unsigned id beside a signed one").isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({"webhook-id, a", "svix-id, b", "X-GitHub-Delivery, c", "Idempotency-Key, d", "none, e"})
    void theFirstIdThatIsThereTellsRepeats(String first, String expected) throws Exception {
        // Given
        var headers = List.of("webhook-id", "a", "svix-id", "b", "X-GitHub-Delivery", "c", "Idempotency-Key", "d");
        int from = headers.indexOf(first);
        String[] sent =
                from < 0 ? new String[0] : headers.subList(from, headers.size()).toArray(String[]::new);

        // When
        post(Map.of(), Webhooks.call("{\"text\":\"x\",\"message_id\":\"e\"}", sent));

        // Then
        assertThat(message().remoteId()).isEqualTo(expected);
    }

    @Test
    void aRepeatIsAnsweredWithTheIdOfTheFirstAndNoSecondTurn() throws Exception {
        // Given
        Channel channel = open(Map.of());
        HttpCall call = Webhooks.call("{\"text\":\"x\"}", "Idempotency-Key", "k");
        Webhooks.post(channel, call);

        // When
        HttpAnswer again = Webhooks.post(channel, call);

        // Then
        assertThat(again.status()).isEqualTo(202);
        assertThat(Webhooks.body(again)).isEqualTo("{\"message_id\":\"M1\",\"duplicate\":true}");
        assertThat(host.stored().all()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(NotAccepted.Reason.class)
    void whatIsNotStoredIsNotAcknowledged(NotAccepted.Reason reason) throws Exception {
        // Given
        host.refuseNext(reason, Duration.ofMillis(2_500));

        // When
        HttpAnswer answer = post(Map.of(), Webhooks.call("{\"text\":\"x\"}"));

        // Then
        switch (reason) {
            case FULL, SHUTTING_DOWN -> {
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.headers()).containsEntry("Retry-After", "3");
            }
            case NOT_STORED -> {
                assertThat(answer.status()).isEqualTo(507);
                assertThat(answer.headers()).containsEntry("Retry-After", "3");
            }
            case TOO_LARGE -> assertThat(answer.status()).isEqualTo(413);
            case INVALID -> assertThat(answer.status()).isEqualTo(400);
        }
        assertThat(json(answer).at("/error/code").asText()).isNotBlank();
    }

    @Test
    void aClosedChannelTakesNothingIn() throws Exception {
        Channel channel = open(Map.of());
        channel.close();

        HttpAnswer answer = Webhooks.post(channel, Webhooks.call("{\"text\":\"x\"}"));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsKey("Retry-After");
    }

    @ParameterizedTest
    @CsvSource({"ANSWERED, 200", "SILENT, 200", "PENDING, 202", "AGENT_FAILED, 502", "AGENT_TIMED_OUT, 504"})
    void aSenderThatWaitsIsToldHowTheTurnEnded(Answer.Status status, int expected) throws Exception {
        // Given
        host.answerWith(status, "the answer");

        // When
        HttpAnswer answer = post(Map.of("reply", "sync", "reply-timeout", "3s"), Webhooks.call("{\"text\":\"x\"}"));

        // Then
        assertThat(answer.status()).isEqualTo(expected);
        assertThat(json(answer).path("message_id").asText()).isEqualTo("M1");
        assertThat(json(answer).has("text")).isEqualTo(expected == 200);
        assertThat(json(answer).has("session_key")).isEqualTo(expected == 200);
        assertThat(json(answer).has("error")).isEqualTo(expected > 202);
        assertThat(json(answer).path("text").asText()).isEqualTo(status == Answer.Status.ANSWERED ? "the answer" : "");
        assertThat(host.waited()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void aSenderThatWaitsForARepeatIsToldSo() throws Exception {
        Channel channel = open(Map.of("reply", "sync"));
        HttpCall call = Webhooks.call("{\"text\":\"x\",\"message_id\":\"m\"}");
        Webhooks.post(channel, call);

        HttpAnswer again = Webhooks.post(channel, call);

        assertThat(again.status()).isEqualTo(202);
        assertThat(json(again).path("duplicate").asBoolean()).isTrue();
    }

    private HttpAnswer post(Map<String, ?> account, HttpCall call) throws InterruptedException {
        return Webhooks.post(open(account), call);
    }

    private Channel open(Map<String, ?> account) {
        return Webhooks.open(account, host);
    }

    private InboundMessage message() {
        return host.received().all().getLast();
    }

    private static JsonNode json(HttpAnswer answer) throws Exception {
        return new ObjectMapper().readTree(answer.body());
    }
}
