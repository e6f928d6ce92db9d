package dev.patchbay.plugin.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.HttpAnswer;
import dev.patchbay.api.HttpCall;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.testkit.ManualClock;
import dev.patchbay.testkit.RecordingHost;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignSendersTest {
    private static final String COMMENT = """
        {"action": "created", "comment": {"body": "Looks good", "user": {"login": "octocat"}},
         "repository": {"id": 1296269}, "issue": {"number": 7}}\
        """;

    private final RecordingHost host = new RecordingHost(new ManualClock(Instant.parse("2026-03-01T12:00:00Z")));

    @Test
    void pointersFindThePiecesOfAMessage() throws Exception {
        // When
        HttpAnswer answer = post(
                Map.of(
                        "verify", "github",
                        "secret", "s",
                        "text", "/comment/body",
                        "peer", "/repository/id",
                        "thread-id", "/issue/number",
                        "sender", "/comment/user/login"),
                github(COMMENT, "X-GitHub-Delivery", "d-1"));

        // Then
        assertThat(answer.status()).isEqualTo(202);
        assertThat(message().text()).isEqualTo("Looks good");
        assertThat(message().peer()).isEqualTo(Peer.direct("1296269"));
        assertThat(message().threadId()).isEqualTo("7");
        assertThat(message().remoteId()).isEqualTo("d-1");
        assertThat(String.valueOf(message().sender())).contains("octocat");
    }

    @Test
    void whatHasNoSlashInFrontIsTheSameForEveryMessage() throws Exception {
        post(
                Map.of("verify", "github", "secret", "s", "text", "the build has ended", "peer", "ops"),
                github("{\"a\":1}"));

        assertThat(message().text()).isEqualTo("the build has ended");
        assertThat(message().peer()).isEqualTo(Peer.direct("ops"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"other\":1}",
                "{\"comment\":{\"body\":\"\"}}",
                "{\"comment\":{\"body\":{\"a\":1}}}",
                "{\"comment\":{\"body\":null}}",
                "[1,2]",
                "payload=%7B%7D",
                "Hello, World!"
            })
    void withoutUsableTextTheBodyItselfIsTheText(String body) throws Exception {
        // When
        post(Map.of("verify", "github", "secret", "s", "text", "/comment/body"), github(body));
        post(Map.of("verify", "github", "secret", "s"), github(body));

        // Then
        assertThat(host.received().all()).extracting(InboundMessage::text).containsExactly(body, body);
        assertThat(message().peer()).isEqualTo(Peer.direct("default"));
    }

    @Test
    void pointersWorkForEveryScheme() throws Exception {
        post(Map.of("text", "/comment/body"), Webhooks.call(COMMENT));
        post(Map.of("text", "/nowhere"), Webhooks.call("{\"a\":1}"));

        assertThat(host.received().all()).extracting(InboundMessage::text).containsExactly("Looks good", "{\"a\":1}");
        assertThat(post(Map.of("text", "/nowhere"), Webhooks.call("no json")).status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "{", "{\"a\":1,\"a\":2}", "{\"comment\":{\"body\":\"\\ud800\"}}"})
    void whatCannotBeAMessageIsABadRequest(String body) throws Exception {
        var account = Map.of("verify", "github", "secret", "s", "text", "/comment/body");

        assertThat(post(account, github(body)).status()).isEqualTo(400);
        assertThat(post(account, github("[".repeat(65) + "]".repeat(65))).status())
                .isEqualTo(400);
    }

    @Test
    void aPingOfGitHubStartsNoTurnButMustBeSigned() throws Exception {
        var account = Map.of("verify", "github", "secret", "s");

        assertThat(post(account, github("{\"zen\":\"Design for failure.\"}", "X-GitHub-Event", "ping"))
                        .status())
                .isEqualTo(202);
        assertThat(post(account, Webhooks.call("{}", "X-GitHub-Event", "ping")).status())
                .isEqualTo(401);
        assertThat(host.received().all()).isEmpty();
    }

    @Test
    void theChallengeOfSlackIsAnsweredButMustBeSigned() throws Exception {
        // Given
        var account = Map.of("verify", "slack", "secret", "s");
        String body = "{\"type\":\"url_verification\",\"challenge\":\"3eZbrw1a\"}";

        // When
        HttpAnswer answer = post(account, slack(body));

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(Webhooks.body(answer)).isEqualTo("3eZbrw1a");
        assertThat(answer.headers().get("Content-Type")).startsWith("text/plain");
        assertThat(post(account, Webhooks.call(body)).status()).isEqualTo(401);
        assertThat(host.received().all()).isEmpty();
    }

    @Test
    void anEventOfSlackIsKnownByItsId() throws Exception {
        post(
                Map.of("verify", "slack", "secret", "s", "text", "/event/text", "peer", "/event/channel"),
                slack("{\"event_id\":\"Ev1\",\"event\":{\"text\":\"hi\",\"channel\":\"C1\"}}"));

        assertThat(message().remoteId()).isEqualTo("Ev1");
        assertThat(message().peer()).isEqualTo(Peer.direct("C1"));
    }

    @Test
    void anEventOfStripeIsKnownByItsId() throws Exception {
        // Given
        String body = "{\"id\":\"evt_1\",\"type\":\"charge.failed\"}";
        String now = Long.toString(host.clock().instant().getEpochSecond());

        // When
        post(
                Map.of("verify", "stripe", "secret", "s", "text", "/type"),
                Webhooks.call(body, "Stripe-Signature", "t=" + now + ",v1=" + hex(now + ".", body)));

        // Then
        assertThat(message().remoteId()).isEqualTo("evt_1");
        assertThat(message().text()).isEqualTo("charge.failed");
    }

    private static HttpCall github(String body, String... more) {
        String[] headers = Stream.concat(Stream.of("X-Hub-Signature-256", "sha256=" + hex("", body)), Stream.of(more))
                .toArray(String[]::new);
        return Webhooks.call(body, headers);
    }

    private HttpCall slack(String body) {
        String now = Long.toString(host.clock().instant().getEpochSecond());
        return Webhooks.call(
                body, "X-Slack-Request-Timestamp", now, "X-Slack-Signature", "v0=" + hex("v0:" + now + ":", body));
    }

    private static String hex(String before, String body) {
        byte[] key = "s".getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(new Hmac(key).of(before, body.getBytes(StandardCharsets.UTF_8)));
    }

    private HttpAnswer post(Map<String, ?> account, HttpCall call) throws InterruptedException {
        return Webhooks.post(Webhooks.open(account, host), call);
    }

    private InboundMessage message() {
        return host.received().all().getLast();
    }
}
