package dev.patchbay.plugin.discord;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.dv8tion.jda.api.exceptions.ParsingException;
import net.dv8tion.jda.api.utils.data.DataArray;
import net.dv8tion.jda.api.utils.data.DataObject;
import net.dv8tion.jda.api.utils.data.DataType;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** What Discord's HTTP interface said. */
record ApiAnswer(int status, Headers headers, String body) {
    private static final Duration WAIT_MAX = Duration.ofHours(24);
    private static final int WORDS_MAX = 300;

    boolean isOk() {
        return status >= 200 && status < 300;
    }

    /** Discord's own word on this request; what stands before it (a proxy, a firewall) answers in HTML. */
    boolean isDiscords() {
        return !body.stripLeading().startsWith("<");
    }

    Optional<DataObject> object() {
        try {
            return Optional.of(DataObject.fromJson(body));
        } catch (ParsingException notJson) {
            return Optional.empty();
        }
    }

    Optional<DataArray> array() {
        try {
            return Optional.of(DataArray.fromJson(body));
        } catch (ParsingException notJson) {
            return Optional.empty();
        }
    }

    /** How long Discord wants us to wait; zero if it does not say. Never shorter than told. */
    Duration retryAfter() {
        Duration fromBody = object().flatMap(json -> json.opt("retry_after"))
                .map(value -> seconds(value.toString()))
                .orElse(Duration.ZERO);
        return fromBody.isPositive() ? fromBody : seconds(headers.get("Retry-After"));
    }

    /** True if a limit counts for the whole bot rather than for one channel. */
    boolean isGlobal() {
        return !isDiscords()
                || "true".equalsIgnoreCase(headers.get("X-RateLimit-Global"))
                || "global".equalsIgnoreCase(headers.get("X-RateLimit-Scope"))
                || object().map(json -> json.getBoolean("global", false)).orElse(false);
    }

    /** The status and what Discord says about it, with the first detail if there is one. */
    String words() {
        StringBuilder words = new StringBuilder("HTTP ").append(status);
        object().ifPresent(json -> {
            if (json.getInt("code", 0) != 0) {
                words.append(" (").append(json.getInt("code", 0)).append(')');
            }
            String message = json.getString("message", "");
            if (!message.isBlank()) {
                words.append(": ").append(message);
            }
            json.optObject("errors").map(ApiAnswer::detail).ifPresent(detail -> words.append("; ")
                    .append(detail));
        });
        return words.length() <= WORDS_MAX ? words.toString() : words.substring(0, WORDS_MAX);
    }

    /** Seconds with a fraction, as Discord writes them; zero if it is something else. */
    static Duration seconds(@Nullable String text) {
        if (text == null || text.isBlank() || text.length() > 20) {
            return Duration.ZERO;
        }
        try {
            long millis = new BigDecimal(text.strip())
                    .movePointRight(3)
                    .setScale(0, RoundingMode.CEILING)
                    .longValueExact();
            return Duration.ofMillis(Math.clamp(millis, 0, WAIT_MAX.toMillis()));
        } catch (ArithmeticException | NumberFormatException unreadable) {
            return Duration.ZERO;
        }
    }

    /** Errors are nested as deep as the request: the first {@code _errors} list is enough to act on. */
    private static @Nullable String detail(DataObject errors) {
        for (String key : errors.keys()) {
            if (key.equals("_errors")) {
                List<DataObject> all = MessageReader.each(errors, key);
                return all.isEmpty() ? null : all.getFirst().getString("message", "");
            }
            if (errors.isType(key, DataType.OBJECT)) {
                String below = detail(errors.getObject(key));
                if (below != null) {
                    return key + ": " + below;
                }
            }
        }
        return null;
    }
}
