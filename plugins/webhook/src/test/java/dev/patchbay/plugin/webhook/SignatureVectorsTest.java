package dev.patchbay.plugin.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.HttpCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Signatures made by the vendors' own rules, genuine and tampered with. */
class SignatureVectorsTest {
    /** Other channels verify these; whatever is neither here nor ours fails the test. */
    private static final Set<String> OTHER_CHANNELS = Set.of("telegram-secret-token", "discord-ed25519");

    private final JsonNode cases = read();

    @TestFactory
    Stream<DynamicTest> eachCaseIsAnsweredAsExpected() {
        return cases().filter(each -> !OTHER_CHANNELS.contains(scheme(each)))
                .map(each -> dynamicTest(each.path("id").asText(), () -> answersAsExpected(each)));
    }

    @Test
    void everySchemeIsOursOrAnotherChannels() {
        assertThat(cases().map(SignatureVectorsTest::scheme))
                .allMatch(scheme ->
                        OTHER_CHANNELS.contains(scheme) || Scheme.of(scheme).isPresent());
    }

    private static void answersAsExpected(JsonNode each) {
        Scheme scheme = Scheme.of(scheme(each)).orElseThrow();
        List<String> secrets = List.of(each.path("secret").asText());
        Duration tolerance = Duration.ofSeconds(each.path("toleranceSeconds").asLong(300));
        if (each.path("expectedConfigError").asBoolean()) {
            assertThatThrownBy(() -> scheme.verifier(secrets, tolerance)).isInstanceOf(IllegalArgumentException.class);
            return;
        }
        Instant now = Instant.ofEpochSecond(each.path("now").asLong());

        var problem = scheme.verifier(secrets, tolerance).problem(call(each), now);

        assertThat(problem.isEmpty()).isEqualTo(each.path("expected").asBoolean());
    }

    private static HttpCall call(JsonNode each) {
        Map<String, List<String>> headers = new HashMap<>();
        each.path("headers")
                .properties()
                .forEach(header ->
                        headers.put(header.getKey(), List.of(header.getValue().asText())));
        byte[] body = each.has("bodyBase64")
                ? Base64.getDecoder().decode(each.path("bodyBase64").asText())
                : each.path("body").asText().getBytes(StandardCharsets.UTF_8);
        return new HttpCall("POST", "/webhooks/default", headers, body);
    }

    private static String scheme(JsonNode each) {
        return each.path("scheme").asText();
    }

    private Stream<JsonNode> cases() {
        return StreamSupport.stream(cases.spliterator(), false);
    }

    private static JsonNode read() {
        try (InputStream in = SignatureVectorsTest.class.getResourceAsStream("/vectors/webhook-signatures.json")) {
            return new ObjectMapper().readTree(in).path("cases");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
