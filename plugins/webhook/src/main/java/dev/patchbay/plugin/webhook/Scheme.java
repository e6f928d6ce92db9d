package dev.patchbay.plugin.webhook;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How the senders of an account prove who they are, and what their bodies look like. */
enum Scheme {
    NONE("none", "message_id"),
    TOKEN("token", "message_id"),
    STANDARD_WEBHOOKS("standard-webhooks", "message_id"),
    GITHUB("github", "message_id"),
    SLACK("slack", "event_id"),
    STRIPE("stripe", "id");

    private final String word;
    private final String idField;

    Scheme(String word, String idField) {
        this.word = word;
        this.idField = idField;
    }

    static Optional<Scheme> of(String word) {
        return Arrays.stream(values())
                .filter(scheme -> scheme.word.equals(word))
                .findFirst();
    }

    String word() {
        return word;
    }

    /** The body's field that tells repeats when no header does. */
    String idField() {
        return idField;
    }

    boolean needsSecret() {
        return this != NONE;
    }

    /** True if bodies have the vendor's shape, not ours. */
    boolean isForeign() {
        return this == GITHUB || this == SLACK || this == STRIPE;
    }

    /**
     * @param tolerance how far a signed time may be from now, both ways
     * @throws IllegalArgumentException if a secret has not the form that the scheme needs
     */
    Verifier verifier(List<String> secrets, Duration tolerance) {
        return switch (this) {
            case NONE -> (call, now) -> Optional.empty();
            case TOKEN -> new TokenVerifier(secrets);
            case STANDARD_WEBHOOKS -> StandardWebhooks.verifier(secrets, tolerance);
            case GITHUB -> VendorSignatures.github(secrets);
            case SLACK -> VendorSignatures.slack(secrets, tolerance);
            case STRIPE -> VendorSignatures.stripe(secrets, tolerance);
        };
    }
}
