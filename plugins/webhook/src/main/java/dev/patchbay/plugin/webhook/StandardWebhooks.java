package dev.patchbay.plugin.webhook;

import dev.patchbay.api.HttpCall;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The signature of the Standard Webhooks specification: {@code v1,} and the base64 of the code of {@code
 * id.timestamp.body}. Immutable, for any thread.
 */
final class StandardWebhooks {
    private final Hmac hmac;

    /** @throws IllegalArgumentException if the secret is not {@code whsec_} (which may be missing) and base64 */
    StandardWebhooks(String secret) {
        hmac = new Hmac(key(secret));
    }

    String sign(String id, String timestamp, byte[] body) {
        return "v1," + Base64.getEncoder().encodeToString(hmac.of(id + "." + timestamp + ".", body));
    }

    /** @throws IllegalArgumentException if a secret has the wrong form */
    static Verifier verifier(List<String> secrets, Duration tolerance) {
        List<StandardWebhooks> keys =
                secrets.stream().map(StandardWebhooks::new).toList();
        return (call, now) -> problem(call, now, keys, tolerance);
    }

    private static Optional<String> problem(
            HttpCall call, Instant now, List<StandardWebhooks> keys, Duration tolerance) {
        // One family of names, never a mixture: else an unsigned webhook-id could ride on a signature over svix-id.
        boolean isSvix = call.headers().keySet().stream().noneMatch(name -> name.startsWith("webhook-"));
        String family = isSvix ? "svix-" : "webhook-";
        Optional<String> id = call.header(family + "id").filter(value -> !value.isEmpty());
        Optional<String> timestamp = call.header(family + "timestamp");
        Optional<String> signatures = call.header(family + "signature");
        if (id.isEmpty() || timestamp.isEmpty() || signatures.isEmpty()) {
            return Optional.of("webhook-id, webhook-timestamp or webhook-signature is missing");
        }
        boolean isGenuine = false;
        for (StandardWebhooks key : keys) {
            String expected = key.sign(id.get(), timestamp.get(), call.body());
            for (String signature : signatures.get().split(" ", -1)) {
                isGenuine |= Hmac.isSame(expected, signature);
            }
        }
        if (!isGenuine) {
            return Optional.of("no signature in webhook-signature is right");
        }
        return Verifier.isFresh(timestamp.get(), now, tolerance)
                ? Optional.empty()
                : Optional.of("webhook-timestamp is too far from now");
    }

    private static byte[] key(String secret) {
        String encoded = secret.startsWith("whsec_") ? secret.substring("whsec_".length()) : secret;
        // The decoder's own message would quote the secret.
        if (!encoded.matches("[A-Za-z0-9+/]{2,}={0,2}")) {
            throw new IllegalArgumentException("the secret is not whsec_ and base64");
        }
        try {
            return Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException("the secret is not whsec_ and base64", notBase64);
        }
    }
}
