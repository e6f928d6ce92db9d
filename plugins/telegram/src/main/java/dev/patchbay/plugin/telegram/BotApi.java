package dev.patchbay.plugin.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.internal.concurrent.TaskRunner;
import okhttp3.internal.connection.RealConnectionPool;
import org.telegram.telegrambots.client.okhttp.OkHttpTelegramClient;
import org.telegram.telegrambots.meta.TelegramUrl;
import org.telegram.telegrambots.meta.api.methods.botapimethods.BotApiMethod;
import org.telegram.telegrambots.meta.exceptions.TelegramApiException;
import org.telegram.telegrambots.meta.generics.TelegramClient;

/** The Bot API as one bot sees it. Every call is bounded and ends when its thread is interrupted. Safe for many threads. */
final class BotApi implements AutoCloseable {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(1);
    private static final int AT_ONCE_MAX = 1_000;
    static final int IDLE_CONNECTIONS_MAX = 32;

    /** Shorter than servers keep a connection. */
    private static final Duration IDLE_MAX = Duration.ofSeconds(15);

    private final ObjectMapper json = new ObjectMapper();
    private final ThreadFactory threadFactory;
    private final ExecutorService threads;
    private final TaskRunner.RealBackend housekeeping;
    private final OkHttpClient http;
    private final String token;
    private final HttpUrl server;
    private final TelegramUrl url;

    /** A call that the library knows how to send. */
    interface Sending {
        CompletableFuture<?> on(TelegramClient client) throws TelegramApiException;
    }

    /** Takes a file as it comes in; not asked to close it. */
    interface Taking<T> {
        T from(java.io.InputStream content) throws Exception;
    }

    BotApi(String accountId, String token, HttpUrl server, ProxySettings proxy) {
        this.token = token;
        this.server = server;
        this.url = new TelegramUrl(server.scheme(), server.host(), server.port(), false);
        this.threadFactory =
                Thread.ofVirtual().name("telegram-" + accountId + "-http-", 0).factory();
        this.threads = Executors.newThreadPerTaskExecutor(threadFactory);
        var dispatcher = new Dispatcher(threads);
        dispatcher.setMaxRequests(AT_ONCE_MAX);
        // All go to one host, and the default of 5 would let a few hanging ones hold back all others.
        dispatcher.setMaxRequestsPerHost(AT_ONCE_MAX);
        // Of its own: OkHttp's common one lives for another minute after its last task, and would keep an unloaded
        // plugin in memory.
        this.housekeeping = new TaskRunner.RealBackend(
                Thread.ofVirtual().name("telegram-" + accountId + "-pool").factory());
        var pool = new RealConnectionPool(
                new TaskRunner(housekeeping), IDLE_CONNECTIONS_MAX, IDLE_MAX.toSeconds(), TimeUnit.SECONDS);
        this.http = proxy.applyTo(new OkHttpClient.Builder())
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(pool))
                .protocols(List.of(Protocol.HTTP_1_1))
                // Else a request whose connection breaks goes out again behind our back: the peer sees the message
                // twice.
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .connectTimeout(CONNECT_MAX)
                // The bound is that of the whole call, and kept here: OkHttp's would start Okio's watchdog, a thread
                // for all.
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO)
                .build();
    }

    /** Calls a method that goes out as JSON; answers its {@code result}. */
    JsonNode call(BotApiMethod<?> method, Duration limit) throws ApiTrouble, InterruptedException {
        return send(client -> client.executeAsync(method), limit);
    }

    /** As {@link #call}, for those methods that carry files. */
    JsonNode send(Sending sending, Duration limit) throws ApiTrouble, InterruptedException {
        var exchange = new Exchange(json);
        var client = new OkHttpTelegramClient(
                json,
                http.newBuilder()
                        .addInterceptor(exchange)
                        .addNetworkInterceptor(exchange.wire())
                        .build(),
                token,
                url);
        try {
            var _ = sending.on(client).whenComplete((_, failure) -> {
                if (failure != null) {
                    // Only if the call never began: what came of one that did is already settled.
                    exchange.result().completeExceptionally(ApiTrouble.unreached("the account is closed"));
                }
            });
            return exchange.result().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw exchange.late();
        } catch (TelegramApiException invalid) {
            throw ApiTrouble.said(400, String.valueOf(invalid.getMessage()), Duration.ZERO, null);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ApiTrouble trouble) {
                throw trouble;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException stop) {
            exchange.cancel();
            throw stop;
        }
    }

    /**
     * Fetches a file.
     *
     * @param path as getFile has answered it
     */
    <T> T download(String path, Duration limit, Taking<T> taking) throws Exception {
        HttpUrl address = server.newBuilder()
                .addPathSegment("file")
                .addPathSegment("bot" + token)
                .addPathSegments(path)
                .build();
        Call call = http.newCall(new Request.Builder().url(address).build());
        Thread bound = threadFactory.newThread(() -> {
            try {
                Thread.sleep(limit);
                call.cancel();
            } catch (InterruptedException inTime) {
                Thread.currentThread().interrupt();
            }
        });
        bound.start();
        try (Response response = call.execute()) {
            var body = response.body();
            if (!response.isSuccessful() || body == null) {
                throw ApiTrouble.said(response.code(), "the file is not given out", Duration.ZERO, null);
            }
            return taking.from(body.byteStream());
        } catch (IOException broken) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw ApiTrouble.cut("the file broke off (" + broken.getClass().getSimpleName() + ")");
        } finally {
            bound.interrupt();
        }
    }

    /** Ends all calls under way and lets go of threads and connections; waits a moment for those that read an answer right now. */
    @Override
    public void close() {
        http.dispatcher().cancelAll();
        threads.shutdownNow();
        try {
            // They need classes of the plugin, which may be unloaded right after.
            boolean unused = threads.awaitTermination(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        http.connectionPool().evictAll();
        housekeeping.shutdown();
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "BotApi[" + server.host() + "]";
    }
}
