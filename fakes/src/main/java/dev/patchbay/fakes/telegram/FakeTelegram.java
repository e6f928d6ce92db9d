package dev.patchbay.fakes.telegram;

import dev.patchbay.fakes.http.FakeServer;
import dev.patchbay.fakes.http.Faults;
import dev.patchbay.fakes.http.Handler;
import dev.patchbay.fakes.http.Request;
import dev.patchbay.fakes.http.Response;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Telegram Bot API server on 127.0.0.1 for any number of bots. Safe for use by many threads.
 *
 * <pre>{@code
 * try (var telegram = FakeTelegram.start()) {
 *     FakeBot bot = telegram.addBot("42:secret", "patchbay_bot");
 *     FakeChat anna = bot.direct(7, "Anna");
 *     // start what is to be tested with api-url = telegram.url() and token = "42:secret"
 *     anna.userSays("hello");
 *     anna.awaitSeen(1);
 * }
 * }</pre>
 *
 * <p>What it leaves out: methods not named in docs/testing.md (404), parse modes but HTML, and several webhook requests at once.
 */
public final class FakeTelegram implements AutoCloseable {
    private static final Pattern FILE = Pattern.compile("/file/bot([^/]+)/(.+)");
    /** Real tokens look like this; anything else is not even a bot. */
    private static final Pattern TOKEN = Pattern.compile("\\d+:.+");

    /** There are fewer; names that are none are counted too, but not without end. */
    private static final int METHODS_MAX = 1_000;

    private final Faults faults = new Faults();
    private final Map<String, Bot> bots = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> requests = new ConcurrentHashMap<>();
    private final FakeServer server;

    private record Bot(FakeBot bot, BotApi api) {}

    private FakeTelegram(int port) {
        server = FakeServer.start(
                port,
                new Handler() {
                    @Override
                    public void arrived(Request request) {
                        count(request.path());
                    }

                    @Override
                    public Response handle(Request request) throws InterruptedException {
                        return answer(request);
                    }
                },
                faults);
    }

    /** On any free port. */
    public static FakeTelegram start() {
        return start(0);
    }

    /** @throws java.io.UncheckedIOException if the port is taken */
    public static FakeTelegram start(int port) {
        return new FakeTelegram(port);
    }

    /** What a bot takes instead of {@code https://api.telegram.org}; no slash at its end. */
    public String url() {
        return server.url();
    }

    /**
     * Makes a bot known.
     *
     * @param token as Telegram's are: a number, a colon, and more
     * @param username without the at sign
     */
    public FakeBot addBot(String token, String username) {
        if (!TOKEN.matcher(token).matches()) {
            throw new IllegalArgumentException("a token is a number, a colon and more");
        }
        var bot = new FakeBot(token, username, Clock.systemUTC(), System::nanoTime);
        if (bots.putIfAbsent(token, new Bot(bot, new BotApi(bot))) != null) {
            throw new IllegalArgumentException("this token is taken");
        }
        return bot;
    }

    /** The script of what goes wrong; {@link TelegramFaults} has the usual kinds of requests and of faults. */
    public Faults faults() {
        return faults;
    }

    /** How many requests of this method came, whatever became of them; its case does not matter. {@code file} stands for downloads. */
    public long requests(String method) {
        AtomicLong count = requests.get(folded(method));
        return count == null ? 0 : count.get();
    }

    /** The same for all methods that were called, by their names in lower case. */
    public Map<String, Long> requests() {
        var counts = new TreeMap<String, Long>();
        requests.forEach((method, count) -> counts.put(method, count.get()));
        return counts;
    }

    /** Resets every connection, as a server does that dies; what it remembers stays. */
    public void resetConnections() {
        server.resetConnections();
    }

    /** Resets every connection and waits until nothing that came over them is handled any more, as {@link FakeServer#hangUp} does. */
    public boolean hangUp(Duration limit) throws IOException, InterruptedException {
        return server.hangUp(limit);
    }

    /** Ends all connections and listens no more. May be called twice. */
    @Override
    public void close() {
        bots.values().forEach(each -> each.bot().close());
        server.close();
    }

    private void count(String path) {
        String method = path.startsWith("/file/") ? "file" : folded(path.substring(path.lastIndexOf('/') + 1));
        if (requests.size() < METHODS_MAX || requests.containsKey(method)) {
            requests.computeIfAbsent(method, unused -> new AtomicLong()).incrementAndGet();
        }
    }

    private Response answer(Request request) throws InterruptedException {
        Matcher file = FILE.matcher(request.path());
        if (file.matches()) {
            return file(file.group(1), file.group(2));
        }
        try {
            Optional<Call> call = Call.of(request);
            if (call.isEmpty() || !TOKEN.matcher(call.get().token()).matches()) {
                return ApiError.of(404, "Not Found").response();
            }
            Bot bot = bots.get(call.get().token());
            return bot == null
                    ? BotApi.unauthorized().response()
                    : bot.api().answer(call.get(), request.arrivedNanos());
        } catch (ApiError unreadable) {
            return unreadable.response();
        }
    }

    private Response file(String token, String path) {
        Bot known = bots.get(token);
        if (known == null) {
            return BotApi.unauthorized().response();
        }
        FakeBot bot = known.bot();
        synchronized (bot) {
            return bot.files
                    .content(path)
                    .map(content -> Response.of(200, "application/octet-stream", content))
                    .orElseGet(() -> ApiError.of(404, "Not Found").response());
        }
    }

    private static String folded(String method) {
        return method.toLowerCase(Locale.ROOT);
    }
}
