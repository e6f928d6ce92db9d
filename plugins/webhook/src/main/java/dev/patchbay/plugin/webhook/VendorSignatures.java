package dev.patchbay.plugin.webhook;

import dev.patchbay.api.HttpCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The signatures of GitHub, Slack and Stripe, each over the raw body and under the secret's own bytes. */
final class VendorSignatures {

    private VendorSignatures() {}

    static Verifier github(List<String> secrets) {
        List<Hmac> keys = Hmac.ofTexts(secrets);
        return (call, now) -> {
            Optional<String> signature = call.header("x-hub-signature-256");
            if (signature.isEmpty()) {
                return Optional.of("X-Hub-Signature-256 is missing");
            }
            return matches(keys, "", call, "sha256=", List.of(signature.get()))
                    ? Optional.empty()
                    : Optional.of("X-Hub-Signature-256 is wrong");
        };
    }

    static Verifier slack(List<String> secrets, Duration tolerance) {
        List<Hmac> keys = Hmac.ofTexts(secrets);
        return (call, now) -> {
            Optional<String> timestamp = call.header("x-slack-request-timestamp");
            Optional<String> signature = call.header("x-slack-signature");
            if (timestamp.isEmpty() || signature.isEmpty()) {
                return Optional.of("X-Slack-Request-Timestamp or X-Slack-Signature is missing");
            }
            if (!matches(keys, "v0:" + timestamp.get() + ":", call, "v0=", List.of(signature.get()))) {
                return Optional.of("X-Slack-Signature is wrong");
            }
            return Verifier.isFresh(timestamp.get(), now, tolerance)
                    ? Optional.empty()
                    : Optional.of("X-Slack-Request-Timestamp is too far from now");
        };
    }

    static Verifier stripe(List<String> secrets, Duration tolerance) {
        List<Hmac> keys = Hmac.ofTexts(secrets);
        return (call, now) -> stripeProblem(call, now, keys, tolerance);
    }

    private static Optional<String> stripeProblem(HttpCall call, Instant now, List<Hmac> keys, Duration tolerance) {
        var times = new ArrayList<String>();
        var signatures = new ArrayList<String>();
        for (String item : call.header("stripe-signature").orElse("").split(",", -1)) {
            if (item.startsWith("t=")) {
                times.add(item.substring(2));
            } else if (item.startsWith("v1=")) {
                signatures.add(item);
            }
        }
        if (times.size() != 1 || signatures.isEmpty()) {
            return Optional.of("Stripe-Signature is missing or malformed");
        }
        String time = times.getFirst();
        if (!matches(keys, time + ".", call, "v1=", signatures)) {
            return Optional.of("no signature in Stripe-Signature is right");
        }
        return Verifier.isFresh(time, now, tolerance)
                ? Optional.empty()
                : Optional.of("the time in Stripe-Signature is too far from now");
    }

    /** Tries every key on every signature, so that the time taken does not tell which one was close. */
    private static boolean matches(
            List<Hmac> keys, String signedBefore, HttpCall call, String label, List<String> signatures) {
        boolean isGenuine = false;
        for (Hmac key : keys) {
            String expected = label + HexFormat.of().formatHex(key.of(signedBefore, call.body()));
            for (String signature : signatures) {
                isGenuine |= Hmac.isSame(expected, signature);
            }
        }
        return isGenuine;
    }
}
