package dev.patchbay.plugin.discord;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import net.dv8tion.jda.api.utils.data.DataArray;
import net.dv8tion.jda.api.utils.data.DataObject;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.EventListener;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Discord's HTTP interface, one request at a time and nothing by itself: no repeat, no wait.
 *
 * <p>JDA's own requests are not used for this, because they repeat 502 to 504 and wait out limits inside the call, and do not say
 * whether a request had left when the connection ended. All three decide here what becomes of a delivery. Safe for many threads.
 */
final class Api implements AutoCloseable {
    private static final int ANSWER_BYTES_MAX = 8 << 20;
    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);

    /** Below {@code delivery.attempt-timeout}, so that a silent server is our own finding. */
    private static final Duration CALL_MAX = Duration.ofSeconds(25);

    private static final MediaType JSON = MediaType.get("application/json");

    private final OkHttpClient client;
    private final String base;
    private final String authorization;

    Api(String base, String token, @Nullable HttpProxy proxy) {
        var builder = new OkHttpClient.Builder()
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .connectTimeout(CONNECT_MAX)
                .readTimeout(CALL_MAX)
                .writeTimeout(CALL_MAX)
                .callTimeout(CALL_MAX)
                .connectionPool(new ConnectionPool(5, 30, TimeUnit.SECONDS))
                .eventListener(new Departures());
        if (proxy != null) {
            proxy.applyTo(builder);
        }
        this.client = builder.build();
        this.base = base;
        this.authorization = "Bot " + token;
    }

    /** For JDA: the same connections and limits. */
    OkHttpClient client() {
        return client;
    }

    ApiAnswer get(String path) throws ApiTrouble, InterruptedException {
        return call("GET", path, null);
    }

    ApiAnswer post(String path, DataObject body) throws ApiTrouble, InterruptedException {
        return call("POST", path, json(body));
    }

    ApiAnswer put(String path, @Nullable DataArray body) throws ApiTrouble, InterruptedException {
        return call("PUT", path, RequestBody.create(body == null ? new byte[0] : body.toJson(), JSON));
    }

    /**
     * Sends one request and reads the whole answer, whatever its status.
     *
     * @param path begins with a slash; may hold a query
     * @throws ApiTrouble if there is no answer
     */
    ApiAnswer call(String method, String path, @Nullable RequestBody body) throws ApiTrouble, InterruptedException {
        var departure = new Departure();
        Request request = new Request.Builder()
                .url(base + path)
                .method(method, body)
                .header("Authorization", authorization)
                .header("User-Agent", "DiscordBot (Patchbay, 1)")
                .tag(Departure.class, departure)
                .build();
        try (Response response = client.newCall(request).execute();
                InputStream content = response.body().byteStream()) {
            byte[] bytes = content.readNBytes(ANSWER_BYTES_MAX + 1);
            if (bytes.length > ANSWER_BYTES_MAX) {
                throw new IOException("the answer is larger than 8 MB");
            }
            return new ApiAnswer(response.code(), response.headers(), new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException failed) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted during a request");
            }
            throw new ApiTrouble(failed, departure.hasLeft);
        }
    }

    /**
     * Opens a file at an address that Discord gave, without our token.
     *
     * @throws ApiTrouble if it cannot be had
     */
    InputStream download(String url) throws ApiTrouble, InterruptedException {
        try {
            Response response =
                    client.newCall(new Request.Builder().url(url).build()).execute();
            if (response.code() != 200) {
                response.close();
                throw new IOException("HTTP " + response.code());
            }
            return response.body().byteStream();
        } catch (IOException | IllegalArgumentException failed) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted during a download");
            }
            throw new ApiTrouble(failed, true);
        }
    }

    /** Ends what is under way. */
    @Override
    public void close() {
        client.dispatcher().cancelAll();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    static RequestBody json(DataObject body) {
        return RequestBody.create(body.toJson(), JSON);
    }

    /** Whether a request may have reached the server. */
    private static final class Departure {
        private volatile boolean hasLeft;
    }

    private static final class Departures extends EventListener {
        @Override
        public void requestHeadersStart(Call call) {
            Departure departure = call.request().tag(Departure.class);
            if (departure != null) {
                departure.hasLeft = true;
            }
        }
    }
}
