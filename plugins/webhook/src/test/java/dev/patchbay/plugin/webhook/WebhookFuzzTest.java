package dev.patchbay.plugin.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.Channel;
import dev.patchbay.api.HttpAnswer;
import dev.patchbay.testkit.ManualClock;
import dev.patchbay.testkit.RecordingHost;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whatever is posted: taken, or refused with a status that says whose fault it is; never a message that nobody signed. */
class WebhookFuzzTest {
    private static final Set<Integer> ANSWERS = Set.of(202, 400, 401);
    private static final List<String> SIGNED = List.of("standard-webhooks", "github", "slack", "stripe", "token");
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final ObjectMapper json = new ObjectMapper();

    @FuzzTest(maxDuration = "10m")
    void everyBodyIsTakenOrRefused(byte[] body) throws Exception {
        for (Map<String, String> account :
                List.of(Map.<String, String>of(), Map.of("text", "/comment/body", "peer", "/repository/id"))) {
            var host = new RecordingHost(new ManualClock(Instant.parse("2026-03-01T12:00:00Z")));
            try (Channel channel = Webhooks.open(account, host)) {
                HttpAnswer answer = Webhooks.post(channel, Webhooks.call(body));
                assertThat(answer.status()).isIn(ANSWERS);
                assertThat(json.readTree(answer.body()).isObject()).isTrue();
                assertThat(host.received().all()).hasSize(answer.status() == 202 ? 1 : 0);
            }
        }
    }

    @FuzzTest(maxDuration = "10m")
    void noHeaderOpensTheDoorToWhatNobodySigned(byte[] bytes) throws Exception {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String[] lines = text.split("\n", 4);
        String first = lines[0];
        String second = lines.length > 1 ? lines[1] : "";
        String third = lines.length > 2 ? lines[2] : "";
        byte[] body = "{\"text\":\"forged\"}".getBytes(StandardCharsets.UTF_8);
        for (String scheme : SIGNED) {
            var host = new RecordingHost(new ManualClock(Instant.parse("2026-03-01T12:00:00Z")));
            try (Channel channel = Webhooks.open(Map.of("verify", scheme, "secret", SECRET), host)) {
                HttpAnswer answer = Webhooks.post(
                        channel,
                        Webhooks.call(
                                body,
                                "webhook-id",
                                first,
                                "webhook-timestamp",
                                second,
                                "webhook-signature",
                                third,
                                "x-hub-signature-256",
                                third,
                                "x-slack-request-timestamp",
                                second,
                                "x-slack-signature",
                                third,
                                "stripe-signature",
                                third,
                                "authorization",
                                third,
                                "x-webhook-token",
                                third));
                assertThat(answer.status()).as("%s", scheme).isEqualTo(401);
                assertThat(host.received().all()).isEmpty();
            }
        }
    }
}
