package dev.patchbay.plugin.telegram;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okhttp3.internal.connection.RealConnection;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One request, and what came of it. The library knows neither the status of an answer nor whether a request had left when the
 * connection broke, and forgets its caller when it cannot read an answer; so the answer is read here, as it passes by.
 */
final class Exchange implements Interceptor {
    private static final long ANSWER_BYTES_MAX = 32L << 20;
    private static final int WORDS_MAX = 500;
    private static final long LONG_IDLE_NANOS = Duration.ofMinutes(1).toNanos();

    /** One more than are kept idle at most. */
    private static final int KEPT_MAX = BotApi.IDLE_CONNECTIONS_MAX + 1;

    private final ObjectMapper json;
    private final CompletableFuture<JsonNode> result = new CompletableFuture<>();
    private volatile @Nullable Call call;
    private volatile boolean isCancelled;
    private volatile boolean hasLeft;

    Exchange(ObjectMapper json) {
        this.json = json;
    }

    /** Stands behind the connection: who comes here has one, and nothing has been written to it yet. */
    Interceptor wire() {
        return chain -> {
            if (chain.connection() instanceof RealConnection connection) {
                // OkHttp looks for a hang-up only after ten idle seconds, and one that it overlooks would be an unknown
                // fate.
                connection.setIdleAtNs$okhttp(System.nanoTime() - LONG_IDLE_NANOS);
                if (!connection.isHealthy(true)) {
                    throw new HungUp();
                }
            }
            hasLeft = true;
            return chain.proceed(chain.request());
        };
    }

    /** The {@code result} of the answer, or an {@link ApiTrouble}. */
    CompletableFuture<JsonNode> result() {
        return result;
    }

    void cancel() {
        isCancelled = true;
        Call running = call;
        if (running != null) {
            running.cancel();
        }
    }

    /** Gives up, because no answer came in time. */
    ApiTrouble late() {
        cancel();
        return hasLeft
                ? ApiTrouble.cut("no answer came in time")
                : ApiTrouble.unreached("the server cannot be reached (no connection in time)");
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        call = chain.call();
        if (isCancelled) {
            chain.call().cancel();
        }
        try (Response response = proceed(chain)) {
            ResponseBody body = response.body();
            byte[] bytes = body == null ? new byte[0] : read(body);
            settle(response.code(), bytes);
            return response.newBuilder()
                    .body(ResponseBody.create(bytes, body == null ? null : body.contentType()))
                    .build();
        } catch (Throwable broken) {
            // Also an Error: nobody else can say any more whether the request had left.
            result.completeExceptionally(trouble(broken));
            throw broken;
        }
    }

    /** A kept connection that the server has closed meanwhile is replaced: nothing went out on it. */
    private static Response proceed(Chain chain) throws IOException {
        for (int kept = 0; kept < KEPT_MAX; kept++) {
            try {
                return chain.proceed(chain.request());
            } catch (HungUp again) {
                // The next one may be as old.
            }
        }
        throw new IOException("all kept connections were closed by the server");
    }

    private ApiTrouble trouble(Throwable broken) {
        // Not its words: they may hold the address, and with it the token.
        String what = broken instanceof SocketTimeoutException
                ? "no answer in time"
                : broken.getClass().getSimpleName();
        return hasLeft
                ? ApiTrouble.cut("the connection broke before the answer was there (" + what + ")")
                : ApiTrouble.unreached("the server cannot be reached (" + what + ")");
    }

    private void settle(int status, byte[] bytes) {
        JsonNode answer = parse(bytes);
        JsonNode ok = answer == null ? null : answer.get("ok");
        if (answer == null || ok == null || !ok.isBoolean()) {
            result.completeExceptionally(
                    status >= 300
                            ? ApiTrouble.said(status, "an answer that is not of the Bot API", Duration.ZERO, null)
                            : ApiTrouble.cut("the answer cannot be read"));
        } else if (ok.booleanValue()) {
            result.complete(answer.path("result"));
        } else {
            JsonNode parameters = answer.path("parameters");
            String words = answer.path("description").asText("no description");
            result.completeExceptionally(ApiTrouble.said(
                    answer.path("error_code").asInt(status),
                    words.length() > WORDS_MAX ? words.substring(0, WORDS_MAX) : words,
                    Duration.ofSeconds(Math.clamp(parameters.path("retry_after").asLong(), 0, 86_400)),
                    parameters.has("migrate_to_chat_id")
                            ? parameters.path("migrate_to_chat_id").asText()
                            : null));
        }
    }

    private @Nullable JsonNode parse(byte[] bytes) {
        try {
            return json.readTree(bytes);
        } catch (JsonProcessingException notJson) {
            return null;
        } catch (IOException neverFromMemory) {
            throw new IllegalStateException(neverFromMemory);
        }
    }

    private static byte[] read(ResponseBody body) throws IOException {
        var bytes = new Buffer();
        while (body.source().read(bytes, 64 * 1024) >= 0) {
            if (bytes.size() > ANSWER_BYTES_MAX) {
                throw new IOException("an answer of more than " + ANSWER_BYTES_MAX + " bytes");
            }
        }
        return bytes.readByteArray();
    }

    /** A kept connection turned out to be closed before anything was written to it. */
    private static final class HungUp extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
