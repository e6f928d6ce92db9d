package dev.patchbay.hub.agent.http;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs calls per Standard Webhooks. Safe for many threads. */
final class StandardWebhookSigner {
    private static final String HMAC = "HmacSHA256";
    private static final String PREFIX = "whsec_";

    private final SecretKeySpec key;
    private final Clock clock;

    StandardWebhookSigner(byte[] key, Clock clock) {
        this.key = new SecretKeySpec(key, HMAC);
        this.clock = clock;
    }

    /** The key in a secret, with or without its prefix; empty if it is no Base64. */
    static Optional<byte[]> key(String secret) {
        try {
            byte[] key =
                    Base64.getDecoder().decode(secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret);
            return key.length == 0 ? Optional.empty() : Optional.of(key);
        } catch (IllegalArgumentException noBase64) {
            return Optional.empty();
        }
    }

    void sign(HttpRequest.Builder request, String id, byte[] body) {
        long seconds = clock.instant().getEpochSecond();
        request.header("webhook-id", id);
        request.header("webhook-timestamp", Long.toString(seconds));
        request.header("webhook-signature", signature(id, seconds, body));
    }

    String signature(String id, long seconds, byte[] body) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            mac.update((id + '.' + seconds + '.').getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("this JDK has no " + HMAC, broken);
        }
    }
}
