package dev.patchbay.hub.attachment;

import dev.patchbay.api.Attachment;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Links that open one stored file for a while, without a token: whoever has the link may read that file. Media type and name are
 * part of what is signed. Safe for many threads.
 */
final class SignedLinks {
    private static final String MAC = "HmacSHA256";
    private static final Pattern LINK = Pattern.compile("https?://[^?#]+/attachments/([0-9a-f]{64})\\?([^#]{1,4096})");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,12}");

    private final SecretKeySpec key;
    private final Clock clock;
    private final Duration validity;

    SignedLinks(String key, Clock clock, Duration validity) {
        this.key = new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), MAC);
        this.clock = clock;
        this.validity = validity;
    }

    /** Path and query, without a slash in front. */
    String path(AttachmentId id, @Nullable String mediaType, @Nullable String name) {
        String expires = Long.toString(clock.instant().plus(validity).getEpochSecond());
        var path = new StringBuilder("attachments/")
                .append(id.hex())
                .append("?expires=")
                .append(expires);
        if (mediaType != null) {
            path.append("&type=").append(encoded(mediaType));
        }
        if (name != null) {
            path.append("&name=").append(encoded(name));
        }
        return path.append("&sig=")
                .append(signature(id, expires, mediaType, name))
                .toString();
    }

    /** Whether a link is one of ours whose time is not over. */
    boolean opens(AttachmentId id, Map<String, String> query) {
        String expires = query.getOrDefault("expires", "");
        return isOurs(id, query)
                && Instant.ofEpochSecond(Long.parseLong(expires)).isAfter(clock.instant());
    }

    /** The stored file behind a link of ours, wherever the hub was reached at when it was made and even if its time is over. */
    Optional<Attachment> read(String url) {
        Matcher link = LINK.matcher(url);
        if (!link.matches()) {
            return Optional.empty();
        }
        var id = new AttachmentId(link.group(1));
        Map<String, String> query = query(link.group(2));
        return isOurs(id, query)
                ? Optional.of(new Attachment(id.url(), query.get("type"), query.get("name")))
                : Optional.empty();
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private boolean isOurs(AttachmentId id, Map<String, String> query) {
        String expires = query.getOrDefault("expires", "");
        return SECONDS.matcher(expires).matches()
                && MessageDigest.isEqual(
                        signature(id, expires, query.get("type"), query.get("name"))
                                .getBytes(StandardCharsets.US_ASCII),
                        query.getOrDefault("sig", "").getBytes(StandardCharsets.UTF_8));
    }

    private String signature(AttachmentId id, String expires, @Nullable String mediaType, @Nullable String name) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            // Neither has a line break, so no two links are the same text.
            String text = String.join("\n", "attachment", id.hex(), expires, part(mediaType), part(name));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String part(@Nullable String value) {
        return value == null ? "-" : "=" + value;
    }

    private static Map<String, String> query(String text) {
        var query = new HashMap<String, String>();
        for (String each : text.split("&", -1)) {
            int sign = each.indexOf('=');
            if (sign > 0) {
                try {
                    query.put(
                            each.substring(0, sign),
                            URLDecoder.decode(each.substring(sign + 1), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException malformed) {
                    return Map.of();
                }
            }
        }
        return query;
    }
}
