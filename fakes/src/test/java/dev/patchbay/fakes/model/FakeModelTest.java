package dev.patchbay.fakes.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.fakes.model.Answer.End;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the stand-in says, seen from the wire. */
@Timeout(30)
class FakeModelTest {
    final FakeModel model = FakeModel.start(0);
    final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        model.close();
        client.close();
    }

    HttpResponse<String> post(String path, String said) throws IOException, InterruptedException {
        String body =
                "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"" + said + "\"}]}";
        URI address = URI.create(model.url().replaceAll("/v1$", "") + path);
        return client.send(
                HttpRequest.newBuilder(address)
                        .header("Authorization", "Bearer k")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource({"/v1/chat/completions, data: [DONE]", "/v1/messages, message_stop", "/api/chat, '\"done\":true'"})
    void everyDialectRepeatsWhatItWasToldAndHasItsEnd(String path, String end) throws Exception {
        // When
        HttpResponse<String> answer = post(path, "hello");

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("hello").contains(end);
        assertThat(model.asked().getFirst().lastUser()).isEqualTo("hello");
        assertThat(model.asked().getFirst().key()).isEqualTo("k");
    }

    @Test
    void aCutAnswerHasNoEnd() throws Exception {
        // Given
        model.say(Answer.text("half").then(End.CUT));

        // Then
        assertThat(post("/v1/chat/completions", "hello").body())
                .contains("half")
                .doesNotContain("[DONE]", "\"stop\"");
    }

    @Test
    void aStatusCarriesItsWait() throws Exception {
        // Given
        model.say(Answer.status(429, "3"));

        // When
        HttpResponse<String> answer = post("/v1/chat/completions", "hello");

        // Then
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).contains("3");
    }

    @Test
    void byHandItDoesWhatTheMessageBeginsWith() throws Exception {
        // Given
        model.otherwise(ModelConsole::answer);

        // Then
        assertThat(post("/v1/chat/completions", "!500").statusCode()).isEqualTo(500);
        assertThat(post("/v1/chat/completions", "!503").headers().firstValue("Retry-After"))
                .contains("2");
        assertThat(post("/v1/chat/completions", "!tool add {}").body()).contains("tool_calls");
        assertThat(post("/v1/chat/completions", "!cut").body()).doesNotContain("[DONE]");
        assertThat(post("/v1/chat/completions", "hi").body()).contains("You", " said:", " hi");
    }
}
