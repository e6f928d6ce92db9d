package dev.patchbay.fakes.discord;

import dev.patchbay.fakes.http.Body;
import dev.patchbay.fakes.http.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts requests in fixed windows and turns away what is too much. Under the world's lock. */
final class RateLimits {
    private static final int WINDOWS_MAX = 50_000;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Limits limits;
    private final Map<String, Window> windows = new HashMap<>();
    private final Map<String, Instant> blocked = new HashMap<>();
    private long refused;

    /** How a route is counted. */
    enum Kind {
        SEND,
        OTHER,
        /** Answers to interactions: counted for themselves, not with the bot's whole. */
        INTERACTION
    }

    private static final class Window {
        final Instant ends;
        int used;

        Window(Instant ends) {
            this.ends = ends;
        }
    }

    /**
     * One request's place in its window.
     *
     * @param stayAway how long the bot must stay away; null if the request goes through
     */
    record Place(
            String bucket,
            int limit,
            int remaining,
            Instant resets,
            Duration resetsAfter,
            @Nullable Duration stayAway,
            boolean isGlobal) {

        Response on(Response response) {
            Response told = response.with("X-RateLimit-Limit", Integer.toString(limit))
                    .with("X-RateLimit-Remaining", Integer.toString(remaining))
                    .with("X-RateLimit-Reset", String.format(Locale.ROOT, "%.3f", resets.toEpochMilli() / 1000.0))
                    .with("X-RateLimit-Reset-After", seconds(resetsAfter))
                    .with("X-RateLimit-Bucket", bucket);
            // Without it a client takes a 429 for one of the network in front, which stops everything.
            told = told.with("Via", "1.1 google");
            if (stayAway == null) {
                return told;
            }
            told = told.with("X-RateLimit-Scope", isGlobal ? "global" : "user")
                    .with("Retry-After", Long.toString(Math.max(1, (stayAway.toMillis() + 999) / 1000)));
            return isGlobal ? told.with("X-RateLimit-Global", "true") : told;
        }

        Response refusal() {
            Duration told = stayAway == null ? Duration.ZERO : stayAway;
            var body = Json.object()
                    .put("message", "You are being rate limited.")
                    .put("retry_after", told.toMillis() / 1000.0)
                    .put("global", isGlobal);
            return on(Response.of(429, "application/json", Body.of(Json.bytes(body))));
        }
    }

    RateLimits(Limits limits) {
        this.limits = limits;
    }

    /** Turns away all of the bot's requests, or those with this bucket's major part only, for a time. */
    void block(Bot bot, String major, Instant until) {
        blocked.put(bot.id() + "/" + major, until);
    }

    long refused() {
        return refused;
    }

    /** Counts a request. */
    Place take(Bot bot, String route, String major, Kind kind, Instant now) {
        int limit = kind == Kind.OTHER ? limits.others() : limits.sends();
        Window own = window(bot.id() + "/" + route + "/" + major, kind == Kind.OTHER ? SECOND : limits.window(), now);
        Duration forAll = kind == Kind.INTERACTION ? null : forAll(bot, now);
        Duration forOwn = forAll == null ? forOwn(bot, major, own, limit, now) : null;
        Duration stayAway = forAll == null ? forOwn : forAll;
        if (stayAway == null) {
            own.used++;
            if (kind != Kind.INTERACTION) {
                window(bot.id(), SECOND, now).used++;
            }
        } else {
            refused++;
        }
        int remaining = forOwn == null ? Math.max(0, limit - own.used) : 0;
        Duration resetsAfter = forOwn == null ? Duration.between(now, own.ends) : forOwn;
        String bucket = String.format(Locale.ROOT, "%032x", Integer.toUnsignedLong(route.hashCode()));
        return new Place(bucket, limit, remaining, now.plus(resetsAfter), resetsAfter, stayAway, forAll != null);
    }

    /** How long the bot must not ask for anything. */
    private @Nullable Duration forAll(Bot bot, Instant now) {
        Duration stopped = until(blocked.get(bot.id() + "/"), now);
        Window all = window(bot.id(), SECOND, now);
        return stopped == null && all.used >= limits.global() ? Duration.between(now, all.ends) : stopped;
    }

    /** How long it must not ask for this. */
    private @Nullable Duration forOwn(Bot bot, String major, Window own, int limit, Instant now) {
        Duration stopped = major.isEmpty() ? null : until(blocked.get(bot.id() + "/" + major), now);
        return stopped == null && own.used >= limit ? Duration.between(now, own.ends) : stopped;
    }

    private Window window(String key, Duration length, Instant now) {
        if (windows.size() > WINDOWS_MAX) {
            windows.values().removeIf(each -> !now.isBefore(each.ends));
        }
        return windows.compute(
                key, (any, old) -> old == null || !now.isBefore(old.ends) ? new Window(now.plus(length)) : old);
    }

    private static @Nullable Duration until(@Nullable Instant end, Instant now) {
        return end == null || !now.isBefore(end) ? null : Duration.between(now, end);
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f", time.toMillis() / 1000.0);
    }
}
