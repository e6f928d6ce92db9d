package dev.patchbay.plugin.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Button;
import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.plugin.webhook.CallbackServer.Manner;
import dev.patchbay.plugin.webhook.CallbackServer.Request;
import dev.patchbay.testkit.ManualClock;
import dev.patchbay.testkit.RecordingHost;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CallbackTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final RecordingHost host = new RecordingHost(clock);
    private final CallbackServer server = new CallbackServer();
    private final List<Channel> channels = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        channels.forEach(Channel::close);
        server.close();
    }

    @Test
    void aCallbackHasTheShapeAndTheSignatureOfStandardWebhooks() throws Exception {
        // Given
        var message = new OutboundMessage(
                "01D",
                Peer.direct("anna"),
                "t9",
                "hello",
                2,
                3,
                "r1",
                "agent:main:webhook:direct:anna",
                List.of(new Attachment("https://example.org/a.png", "image/png", "a.png")),
                List.of(new Button("Yes", "/yes")),
                null,
                Instant.parse("2026-02-28T08:00:00Z"),
                false);

        // When
        DeliveryOutcome outcome = channel("10s").deliver(message);

        // Then
        Request request = server.requests().all().getFirst();
        assertThat(outcome).isEqualTo(new Delivered(""));
        assertThat(request.line()).isEqualTo("POST /hook?a=b%20c HTTP/1.1");
        assertThat(request.header("Host")).isEqualTo("127.0.0.1:" + server.port());
        assertThat(request.header("Content-Type")).startsWith("application/json");
        assertThat(request.header("webhook-id")).isEqualTo("01D.2");
        assertThat(request.header("webhook-timestamp"))
                .isEqualTo(Long.toString(clock.instant().getEpochSecond()));
        assertThat(request.header("webhook-signature"))
                .isEqualTo(new StandardWebhooks(SECRET)
                        .sign(
                                "01D.2",
                                request.header("webhook-timestamp"),
                                request.body().getBytes(StandardCharsets.UTF_8)));
        assertThat(json(request)).isEqualTo(new ObjectMapper().readTree("""
            {"type": "message.outbound", "timestamp": "2026-02-28T08:00:00Z", "data": {
              "delivery_id": "01D", "account_id": "default", "to": "anna", "thread_id": "t9", "text": "hello",
              "part": 2, "parts": 3, "reply_to": "r1", "session_key": "agent:main:webhook:direct:anna",
              "attachments": [{"url": "https://example.org/a.png", "media_type": "image/png", "name": "a.png"}],
              "buttons": [{"text": "Yes", "data": "/yes"}]}}
            """));
    }

    @Test
    void whatAMessageDoesNotHaveIsLeftOutAndWithoutASecretNothingIsSigned() throws Exception {
        // When
        channel(Map.of("callback", Map.of("url", server.url()))).deliver(message());

        // Then
        Request request = server.requests().all().getFirst();
        assertThat(json(request).path("data").properties().stream().map(Map.Entry::getKey))
                .containsExactly("delivery_id", "account_id", "to", "text", "part", "parts");
        assertThat(request.header("webhook-id")).isEqualTo("D1");
        assertThat(request.headers()).doesNotContainKey("webhook-signature");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void everySuccessIsDelivered(int status) throws Exception {
        assertThat(after(
                        status == 204
                                ? CallbackServer.raw("HTTP/1.1 204 No Content\r\n\r\n", true)
                                : CallbackServer.status(status)))
                .isInstanceOf(Delivered.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504, 599})
    void whatMayPassIsTriedAgain(int status) throws Exception {
        assertThat(after(CallbackServer.status(status)))
                .isEqualTo(new RetryLater("the callback answered HTTP " + status, Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 304, 307, 308, 400, 401, 403, 404, 410, 413, 422})
    void whatWillNotPassIsRefusedAndNamesTheStatus(int status) throws Exception {
        assertThat(after(CallbackServer.status(status, "Location: http://127.0.0.1:" + server.port() + "/other")))
                .isEqualTo(new Refused("the callback answered HTTP " + status));
        assertThat(server.requests().all()).hasSize(1);
    }

    @Test
    void aServerThatNamesAWaitIsObeyed() throws Exception {
        assertThat(after(CallbackServer.status(429, "Retry-After: 17")))
                .isEqualTo(new Paced("the callback answered HTTP 429", Duration.ofSeconds(17), Paced.Scope.PEER));
        assertThat(after(CallbackServer.status(503, "Retry-After: 17")))
                .isEqualTo(new RetryLater("the callback answered HTTP 503", Duration.ofSeconds(17)));
        assertThat(after(CallbackServer.status(429, "Retry-After: Sun, 01 Mar 2026 12:01:30 GMT")))
                .isEqualTo(new Paced("the callback answered HTTP 429", Duration.ofSeconds(90), Paced.Scope.PEER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "Sun, 01 Mar 2026 11:00:00 GMT"})
    void aWaitThatIsOverIsStillAPause(String over) throws Exception {
        assertThat(after(CallbackServer.status(429, "Retry-After: " + over)))
                .isEqualTo(new Paced("the callback answered HTTP 429", Duration.ofSeconds(1), Paced.Scope.PEER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-5", "1.5", ""})
    void aWaitThatCannotBeReadIsNone(String unreadable) throws Exception {
        assertThat(after(CallbackServer.status(429, "Retry-After: " + unreadable)))
                .isEqualTo(new RetryLater("the callback answered HTTP 429", Duration.ZERO));
    }

    @Test
    void aWaitBeyondAllReasonIsCut() throws Exception {
        assertThat(after(CallbackServer.status(429, "Retry-After: 99999999999999999999")))
                .isEqualTo(new Paced("the callback answered HTTP 429", Duration.ofDays(30), Paced.Scope.PEER));
    }

    @Test
    void aServerThatTookTheRequestAndGaveNoAnswerLeavesTheFateUnknown() throws Exception {
        assertThat(after(CallbackServer.reset())).isInstanceOf(Unknown.class);
        assertThat(after(CallbackServer.raw("", false))).isInstanceOf(Unknown.class);
        assertThat(after(CallbackServer.raw("HTTP/1.1 2", false))).isInstanceOf(Unknown.class);
        assertThat(after(CallbackServer.raw("SSH-2.0-OpenSSH\r\n", false))).isInstanceOf(Unknown.class);
    }

    @Test
    void whatWentWrongIsSaidInPlainWords() throws Exception {
        String place = " (127.0.0.1:" + server.port() + ")";
        String taken = "the callback took the request and did not answer: ";

        assertThat(after(CallbackServer.reset()))
                .isIn(
                        new Unknown(taken + "connection reset" + place),
                        new Unknown(taken + "connection closed" + place));
        assertThat(after(CallbackServer.raw("", false))).isEqualTo(new Unknown(taken + "connection closed" + place));
        assertThat(after(CallbackServer.raw("SSH-2.0-OpenSSH\r\n", false)).toString())
                .doesNotContain("org.apache", "Exception");
    }

    @Test
    void aServerThatIsSilentOrDripsIsGivenUpAtTheTimeoutOfTheWholeCall() throws Exception {
        assertThat(after(server.silence(), "1s")).isInstanceOf(Unknown.class);
        assertThat(after(server.drip("HTTP/1.1 200 OK\r\nX-Slow: "), "1s")).isInstanceOf(Unknown.class);
    }

    @Test
    void theStatusDecidesEvenIfTheRestOfTheAnswerIsBad() throws Exception {
        assertThat(after(CallbackServer.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", false)))
                .isInstanceOf(Delivered.class);
        assertThat(after(server.drip("HTTP/1.1 410 Gone\r\nContent-Length: 100000\r\n\r\n"), "1s"))
                .isInstanceOf(Refused.class);
    }

    @Test
    void anAnswerThatIsTooLongIsNotReadToItsEnd() throws Exception {
        String flood = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + "x".repeat(200_000);

        assertThat(after((socket, out) -> {
                    out.write(flood.getBytes(StandardCharsets.ISO_8859_1));
                    // Ends when the channel hangs up, not before.
                    return socket.getInputStream().read() >= 0;
                }))
                .isInstanceOf(Delivered.class);
    }

    @Test
    void nobodyListeningMeansThatNothingHasArrived() throws Exception {
        // Given: a port that is taken by somebody who does not listen
        try (var deaf = new Socket()) {
            deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = deaf.getLocalPort();

            // When
            DeliveryOutcome outcome = channel(Map.of("callback", Map.of("url", "http://127.0.0.1:" + port + "/")))
                    .deliver(message());

            // Then
            assertThat(outcome)
                    .isEqualTo(new RetryLater(
                            "the callback cannot be reached: connection refused (127.0.0.1:" + port + ")",
                            Duration.ZERO));
        }
    }

    @Test
    void aNameWithoutAnAddressIsTriedAgain() throws Exception {
        assertThat(channel(Map.of("callback", Map.of("url", "http://nowhere.invalid/?key=s3cret")))
                        .deliver(message()))
                .isEqualTo(new RetryLater(
                        "the callback cannot be reached: host unknown (nowhere.invalid:80)", Duration.ZERO));
    }

    @Test
    void connectionsAreUsedAgain() throws Exception {
        // Given
        Channel channel = channel("10s");

        // When
        for (int i = 0; i < 50; i++) {
            assertThat(channel.deliver(message())).isInstanceOf(Delivered.class);
        }

        // Then
        assertThat(server.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok"
            })
    void aServerThatHangsUpAfterEachAnswerIsNotMistakenForOneThatTookAMessage(String answer) throws Exception {
        // Given
        Channel channel = channel("10s");
        Manner hangsUp = CallbackServer.raw(answer, false);

        // When
        for (int i = 0; i < 20; i++) {
            server.next(hangsUp);
            assertThat(channel.deliver(message())).isInstanceOf(Delivered.class);
        }

        // Then
        assertThat(server.requests().all()).hasSize(20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1",
                "2130706433",
                "0x7f.1",
                "0x7f000001",
                "0177.0.0.1",
                "localhost",
                "127.0.0.1.",
                "[::1]",
                "[0:0:0:0:0:0:0:1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[::127.0.0.1]",
                "[64:ff9b::127.0.0.1]",
                "[2002:7f00:1::]",
                "０x7f.1",
                "127。0。0。1",
                "0.0.0.0",
                "0",
                "[::]",
                "[fe80::1%25lo]",
                "10.1.2.3",
                "169.254.169.254",
                "[fd00::1]"
            })
    void anAddressThatIsNotEverybodysIsRefusedInEverySpelling(String address) throws Exception {
        // Given
        var settings = Webhooks.settings(
                Map.of("callback", Map.of("url", "http://" + address + ":" + server.port() + "/")), new String[0]);
        Channel channel = new WebhookPlugin().open(settings, host);
        channels.add(channel);

        // When
        DeliveryOutcome outcome = channel.deliver(message());

        // Then
        assertThat(outcome).isInstanceOf(Refused.class);
        assertThat(outcome.toString()).containsPattern("address [0-9a-f.:%lo]+ is loopback, private or link-local");
        assertThat(server.connections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::ffff:127.0.0.1]"})
    void anAllowedAddressIsReachedInEverySpelling(String address) throws Exception {
        assertThat(channel(Map.of("callback", Map.of("url", "http://" + address + ":" + server.port() + "/")))
                        .deliver(message()))
                .isInstanceOf(Delivered.class);
    }

    @Test
    void proxiesOfTheMachineAreNotAsked() throws Exception {
        // Given
        System.setProperty("http.proxyHost", "127.0.0.1");
        System.setProperty("http.proxyPort", "1");
        System.setProperty("http.nonProxyHosts", "");
        try {
            // Then
            assertThat(channel("10s").deliver(message())).isInstanceOf(Delivered.class);
        } finally {
            System.clearProperty("http.proxyHost");
            System.clearProperty("http.proxyPort");
            System.clearProperty("http.nonProxyHosts");
        }
    }

    @Test
    void anAccountWithoutACallbackRefuses() throws Exception {
        assertThat(channel(Map.of()).deliver(message())).isInstanceOf(Refused.class);
    }

    @Test
    void afterClosingNothingLeaves() throws Exception {
        // Given
        Channel channel = channel("10s");
        channel.close();

        // Then
        assertThat(channel.deliver(message())).isInstanceOf(RetryLater.class);
        assertThat(server.requests().all()).isEmpty();
    }

    private DeliveryOutcome after(Manner manner) throws InterruptedException {
        return after(manner, "10s");
    }

    private DeliveryOutcome after(Manner manner, String timeout) throws InterruptedException {
        server.next(manner);
        return channel(timeout).deliver(message());
    }

    private Channel channel(String timeout) {
        return channel(Map.of("callback", Map.of("url", server.url(), "secret", SECRET, "timeout", timeout)));
    }

    private Channel channel(Map<String, ?> account) {
        Channel channel = Webhooks.open(account, host);
        channels.add(channel);
        return channel;
    }

    private OutboundMessage message() {
        return OutboundMessage.of("D1", Peer.direct("anna"), "hello", clock.instant());
    }

    private static JsonNode json(Request request) throws Exception {
        return new ObjectMapper().readTree(request.body());
    }
}
