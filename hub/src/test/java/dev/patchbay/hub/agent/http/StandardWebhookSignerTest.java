package dev.patchbay.hub.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StandardWebhookSignerTest {

    /** Made with the reference library, standardwebhooks 1.1.1. */
    static Stream<Arguments> signatures() {
        return Stream.of(
                Arguments.of(
                        "valid",
                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                        "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
                        1767225600L,
                        "{\"type\":\"contact.created\",\"timestamp\":\"2022-11-03T20:26:10.344522Z\",\"data\":{\"id\":\"1f81eb52-5198-4599-803e-771906343485\"}}",
                        "v1,+c2hI0NJ1qENrBwf2/hU0ihfLtbOEyo/SOPQfc16Xxg="),
                Arguments.of(
                        "valid-secret-without-prefix",
                        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                        "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
                        1767225600L,
                        "{\"type\":\"contact.created\",\"timestamp\":\"2022-11-03T20:26:10.344522Z\",\"data\":{\"id\":\"1f81eb52-5198-4599-803e-771906343485\"}}",
                        "v1,+c2hI0NJ1qENrBwf2/hU0ihfLtbOEyo/SOPQfc16Xxg="),
                Arguments.of(
                        "empty-body",
                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                        "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
                        1767225600L,
                        "",
                        "v1,fEb0hZyyB80PdB9ghmib6xihpl8OnERUqvL7fTk83E0="),
                Arguments.of(
                        "unicode-body",
                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                        "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
                        1767225600L,
                        "{\"t\":\"Zürich 🦊 你好\"}",
                        "v1,2y5Ac0wYydfmDapVieFVKEUgKs8JU/YdE1t3V17+joY="),
                Arguments.of(
                        "id-with-dots",
                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                        "a.b.c",
                        1767225600L,
                        "{\"type\":\"contact.created\",\"timestamp\":\"2022-11-03T20:26:10.344522Z\",\"data\":{\"id\":\"1f81eb52-5198-4599-803e-771906343485\"}}",
                        "v1,wZlh/nfGrkj3jnXHH12qmy79uGBXMNsWd4cHbpvbCp8="));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("signatures")
    void aSignatureIsTheOneThatVerifiersExpect(
            String name, String secret, String id, long seconds, String body, String expected) {
        // Given
        byte[] key = StandardWebhookSigner.key(secret).orElseThrow();

        // When
        String signature = new StandardWebhookSigner(key, Clock.systemUTC())
                .signature(id, seconds, body.getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(signature).isEqualTo(expected);
    }

    @Test
    void aSecretWithoutAKeyIsNone() {
        assertThat(StandardWebhookSigner.key("whsec_")).isEmpty();
        assertThat(StandardWebhookSigner.key("no base64")).isEmpty();
    }
}
