package dev.patchbay.fakes.telegram;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Posts one bot's updates to its webhook, one at a time and each until it is taken. Safe for use by many threads.
 *
 * <p>The real server sends several at once and waits longer between two tries; what a bot may rely on is the same.
 */
final class Webhook {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final UpdateQueue updates;
    private final Clock clock;
    private String url = "";
    private String secret = "";
    private int connectionsMax = 40;
    private String lastError = "";
    private long lastErrorAt;
    private @Nullable Thread sender;

    Webhook(UpdateQueue updates, Clock clock) {
        this.updates = updates;
        this.clock = clock;
    }

    /**
     * Posts to another address from now on, or to none.
     *
     * @return false if it is the one that was set before
     */
    synchronized boolean set(String newUrl, String newSecret, int connections) {
        boolean isNew = !newUrl.equals(url) || !newSecret.equals(secret);
        connectionsMax = connections;
        if (isNew) {
            close();
            url = newUrl;
            secret = newSecret;
            lastError = "";
            updates.webhook(newUrl);
            if (!newUrl.isEmpty()) {
                sender = Thread.ofVirtual().name("fake-telegram-webhook").start(() -> run(newUrl, newSecret));
            }
        }
        return isNew;
    }

    synchronized ObjectNode info() {
        ObjectNode info = Json.object()
                .put("url", url)
                .put("has_custom_certificate", false)
                .put("pending_update_count", updates.size());
        if (!url.isEmpty()) {
            info.put("max_connections", connectionsMax).put("ip_address", "127.0.0.1");
        }
        if (!lastError.isEmpty()) {
            info.put("last_error_date", lastErrorAt).put("last_error_message", lastError);
        }
        if (!updates.allowed().isEmpty()) {
            var kinds = info.putArray("allowed_updates");
            updates.allowed().forEach(kinds::add);
        }
        return info;
    }

    /** Ends what is on its way. May be called twice. */
    synchronized void close() {
        if (sender != null) {
            sender.interrupt();
        }
        sender = null;
    }

    private void run(String to, String key) {
        try (var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build()) {
            for (ObjectNode update = updates.nextFor(to); update != null; update = updates.nextFor(to)) {
                deliver(client, to, key, update);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void deliver(HttpClient client, String to, String key, ObjectNode update) throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(to))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(update.toString()));
        if (!key.isEmpty()) {
            request.header("X-Telegram-Bot-Api-Secret-Token", key);
        }
        for (Duration pause = FIRST_PAUSE; true; pause = longer(pause)) {
            try {
                int status =
                        client.send(request.build(), BodyHandlers.discarding()).statusCode();
                if (status / 100 == 2) {
                    updates.taken(update);
                    return;
                }
                failed("Wrong response from the webhook: " + status);
            } catch (IOException unreachable) {
                failed("Connection failed: " + unreachable);
            }
            Thread.sleep(pause);
        }
    }

    private synchronized void failed(String why) {
        lastError = why;
        lastErrorAt = TimeUnit.MILLISECONDS.toSeconds(clock.millis());
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
}
