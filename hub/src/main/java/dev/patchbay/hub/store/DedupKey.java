package dev.patchbay.hub.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * Recognises a repeat.
 *
 * @param key at most 1,024 characters
 * @param fingerprint of what must be the same for a true repeat; empty if the key alone decides
 * @param keepUntil after this moment the key may be forgotten
 */
public record DedupKey(String key, String fingerprint, Instant keepUntil) {

    /** A fingerprint of something long: its SHA-256 in hexadecimal digits. */
    public static String digest(String content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
