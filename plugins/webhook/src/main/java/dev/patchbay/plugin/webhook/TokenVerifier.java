package dev.patchbay.plugin.webhook;

import dev.patchbay.api.HttpCall;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A shared token in {@code Authorization: Bearer} or {@code X-Webhook-Token}. */
final class TokenVerifier implements Verifier {
    private static final String BEARER = "bearer ";

    private final List<String> secrets;

    TokenVerifier(List<String> secrets) {
        this.secrets = List.copyOf(secrets);
    }

    @Override
    public Optional<String> problem(HttpCall call, Instant now) {
        boolean isGenuine = false;
        for (String secret : secrets) {
            isGenuine |=
                    bearer(call).filter(token -> Hmac.isSame(secret, token)).isPresent();
            isGenuine |= call.header("x-webhook-token")
                    .filter(token -> Hmac.isSame(secret, token))
                    .isPresent();
        }
        return isGenuine
                ? Optional.empty()
                : Optional.of("the token in Authorization: Bearer or X-Webhook-Token is missing or wrong");
    }

    private static Optional<String> bearer(HttpCall call) {
        return call.header("authorization")
                .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(value -> value.substring(BEARER.length()).strip());
    }
}
