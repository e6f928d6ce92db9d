package dev.patchbay.plugin.discord;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The name by which Discord recognises a repeat: the idempotency key, or what stands for it if that is too long. */
final class Nonce {
    static final int LENGTH_MAX = 25;

    /** 24 digits of 36: 124 bits of the hash, so that two keys share one by no chance that matters. */
    private static final int DIGITS = LENGTH_MAX - 1;

    private Nonce() {}

    static String of(String idempotencyKey) {
        return idempotencyKey.length() <= LENGTH_MAX ? idempotencyKey : "h" + hash(idempotencyKey);
    }

    private static String hash(String key) {
        String digits = new BigInteger(1, sha256(key)).toString(Character.MAX_RADIX);
        return "0".repeat(Math.max(0, DIGITS - digits.length()))
                + digits.substring(Math.max(0, digits.length() - DIGITS));
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
