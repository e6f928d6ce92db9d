package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.HttpAnswer;
import dev.patchbay.api.HttpReceiver;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code /PATH/ACCOUNT} from outside: no hub token, the raw bytes, a name for every trouble. */
@Timeout(30)
class ChannelDoorTest {

    private static ChannelDoors only(HttpReceiver receiver) {
        return (path, account) -> {
            if (!path.equals("webhooks")) {
                return new ChannelDoors.Found.Nothing();
            }
            return switch (account) {
                case "my account" -> new ChannelDoors.Found.Open(receiver);
                case "paused" -> new ChannelDoors.Found.Closed();
                default -> new ChannelDoors.Found.Nothing();
            };
        };
    }

    @Test
    void theReceiverGetsTheRawBytesAndItsAnswerGoesBack() throws Exception {
        HttpReceiver receiver = call -> HttpAnswer.text(
                        202,
                        call.method() + " " + call.path() + " "
                                + call.header("X-Sig").orElse("none") + " "
                                + new String(call.body(), StandardCharsets.UTF_8))
                .with("Retry-After", "3");
        try (TestGateway hub = TestGateway.with(only(receiver))) {
            // When
            HttpResponse<String> response = post(hub, "/webhooks/my%20account", "{\"ü\":1} ");

            // Then
            assertThat(response.statusCode()).isEqualTo(202);
            assertThat(response.body()).isEqualTo("POST /webhooks/my account s1 {\"ü\":1} ");
            assertThat(response.headers().firstValue("Retry-After")).hasValue("3");
            assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
        }
    }

    @Test
    void whatIsNotThereOrNotOpenIsSaid() throws Exception {
        try (TestGateway hub = TestGateway.with(only(call -> HttpAnswer.text(200, "")))) {
            // When
            HttpResponse<String> unknown = post(hub, "/webhooks/nobody", "{}");
            HttpResponse<String> paused = post(hub, "/webhooks/paused", "{}");
            List<HttpResponse<String>> elsewhere =
                    List.of(post(hub, "/webhooks", "{}"), post(hub, "/webhooks/my%20account/more", "{}"));

            // Then
            assertThat(unknown.statusCode()).isEqualTo(404);
            assertThat(unknown.body()).contains("\"error\"");
            assertThat(paused.statusCode()).isEqualTo(503);
            assertThat(paused.headers().firstValue("Retry-After")).isPresent();
            assertThat(elsewhere).allMatch(response -> response.statusCode() == 404);
        }
    }

    @Test
    void aBodyOverTheLimitIs413AndABrokenReceiverA500WithoutDetails() throws Exception {
        HttpReceiver broken = call -> {
            throw new IllegalStateException("secret");
        };
        try (TestGateway hub = TestGateway.with(only(broken))) {
            // When
            HttpResponse<String> tooLong = post(hub, "/webhooks/my%20account", "x".repeat(10 * 1024 * 1024 + 1));
            HttpResponse<String> failed = post(hub, "/webhooks/my%20account", "x");

            // Then
            assertThat(tooLong.statusCode()).isEqualTo(413);
            assertThat(failed.statusCode()).isEqualTo(500);
            assertThat(failed.body()).contains("reference").doesNotContain("secret");
        }
    }

    private static HttpResponse<String> post(TestGateway hub, String path, String body) throws Exception {
        return hub.send(hub.request(path).header("X-Sig", "s1").POST(HttpRequest.BodyPublishers.ofString(body)));
    }
}
