package dev.patchbay.hub.heartbeat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What was said within a day, so that it is not said again. What is kept back does not count as said: a text comes again a day after
 * it was. Immutable.
 *
 * @param texts oldest first, at most {@value #MAX}
 */
record SaidBefore(List<Text> texts) {
    static final Duration KEPT = Duration.ofHours(24);

    /** As many as fit into a note. Of more than these within a day, the oldest are forgotten. */
    static final int MAX = 150;

    static final SaidBefore NOTHING = new SaidBefore(List.of());

    private static final int HASH_CHARS = 16;

    /** The first 16 hexadecimal digits of a text's SHA-256. */
    record Text(String hash, Instant at) {}

    SaidBefore {
        texts = List.copyOf(texts);
    }

    boolean knows(String text, Instant now) {
        String hash = hash(text);
        return texts.stream().anyMatch(each -> each.hash().equals(hash) && isKept(each, now));
    }

    SaidBefore with(String text, Instant now) {
        var all =
                new ArrayList<>(texts.stream().filter(each -> isKept(each, now)).toList());
        all.add(new Text(hash(text), now));
        return new SaidBefore(all.size() > MAX ? all.subList(all.size() - MAX, all.size()) : all);
    }

    /** A clock that was put back keeps them. */
    private static boolean isKept(Text text, Instant now) {
        return Duration.between(text.at(), now).compareTo(KEPT) < 0;
    }

    /** Of the words: how they are spaced makes no difference. */
    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(text.strip().replaceAll("\\s+", " ").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_CHARS);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
