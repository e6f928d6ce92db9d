package dev.patchbay.hub.gateway;

import dev.patchbay.hub.gateway.rpc.Caller;
import dev.patchbay.hub.tenant.Tenants;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The tokens that open the doors. Immutable; keeps no secret, only hashes, and takes the same time for right and wrong ones. */
public final class Tokens {
    private static final String BEARER = "bearer ";

    private final List<Known> known;

    @SuppressWarnings("ArrayRecordComponent") // compared in constant time only
    private record Known(byte[] hash, Caller caller) {}

    public Tokens(List<Token> tokens, Tenants tenants) {
        known = tokens.stream()
                .map(token -> new Known(
                        hash(token.secret()), new Caller(token.name(), token.scopes(), tenants.seenBy(token.tenant()))))
                .toList();
    }

    /** Whose token an {@code Authorization} header carries; anonymous if it is no bearer token, or not one of ours. */
    Caller ofHeader(Optional<String> authorization) {
        return authorization
                .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(BEARER))
                .map(value -> ofSecret(value.substring(BEARER.length()).strip()))
                .orElse(Caller.ANONYMOUS);
    }

    Caller ofSecret(String secret) {
        byte[] hash = hash(secret);
        Caller found = Caller.ANONYMOUS;
        for (Known each : known) {
            if (MessageDigest.isEqual(each.hash(), hash)) {
                found = each.caller();
            }
        }
        return found;
    }

    private static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
