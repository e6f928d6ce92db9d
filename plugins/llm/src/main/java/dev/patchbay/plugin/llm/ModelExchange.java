package dev.patchbay.plugin.llm;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.CancellationUnsupportedHandle;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request to a model's server and its streamed answer, under the library that speaks the server's language. The library's own
 * way out takes a stream that was cut for a whole one, reads lines of any length, and knows nothing of {@code Retry-After}; this one
 * runs on the caller's thread, ends at once when that is interrupted, and keeps what went wrong. For one thread, one request.
 */
final class ModelExchange implements HttpClient {
    private static final int ANSWER_BYTES_MAX = 16 * 1024 * 1024;
    private static final int REST_BYTES_MAX = 8 * 1024;
    private static final int ERROR_BYTES_MAX = 16 * 1024;

    private final java.net.http.HttpClient wire;
    private final Provider provider;
    private final JsonMapper json;
    private final EventCheck check;
    private @Nullable ModelTrouble trouble;
    private boolean wasInterrupted;
    private boolean hasBegun;
    private final BooleanSupplier isGivenUp;
    private long bytes;

    /**
     * @param isGivenUp whether nobody wants the rest of the answer any more
     */
    ModelExchange(java.net.http.HttpClient wire, Provider provider, JsonMapper json, BooleanSupplier isGivenUp) {
        this.wire = wire;
        this.isGivenUp = isGivenUp;
        this.provider = provider;
        this.json = json;
        check = new EventCheck(provider, json);
    }

    /** Whether the server took the request, so that the tokens in it are spent. */
    boolean hasBegun() {
        return hasBegun;
    }

    Tokens reported() {
        return check.reported();
    }

    /** Says what went wrong, if anything did. */
    void refuseTrouble() throws ModelTrouble, InterruptedException {
        if (wasInterrupted) {
            throw new InterruptedException();
        }
        if (trouble != null) {
            throw trouble;
        }
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        throw new UnsupportedOperationException("answers are always streamed");
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        try {
            HttpResponse<InputStream> response = wire.send(toWire(request), BodyHandlers.ofInputStream());
            InputStream body = response.body();
            try {
                if (response.statusCode() / 100 != 2) {
                    throw refused(response, body);
                }
                hasBegun = true;
                listener.onOpen(SuccessfulHttpResponse.builder()
                        .statusCode(response.statusCode())
                        .headers(response.headers().map())
                        .build());
                read(response, body, listener);
            } finally {
                letGo(body);
            }
            if (!check.isWhole()) {
                throw new ModelTrouble(ModelTrouble.Kind.PASSING, "the model's answer breaks off before its end");
            }
            listener.onClose();
        } catch (InterruptedException stop) {
            wasInterrupted = true;
        } catch (ModelTrouble said) {
            trouble = said;
        } catch (LineReader.TooLong flood) {
            trouble = tooLong();
        } catch (IOException broken) {
            // The stream turns an interrupt into an I/O error.
            wasInterrupted = Thread.interrupted() || broken.getCause() instanceof InterruptedException;
            if (!wasInterrupted && check.isWhole()) {
                listener.onClose();
            } else {
                trouble = new ModelTrouble(
                        ModelTrouble.Kind.PASSING,
                        hasBegun
                                ? "the model's answer breaks off: the connection is gone"
                                : "the model's server cannot be reached ("
                                        + broken.getClass().getSimpleName() + ")");
            }
        } catch (IllegalArgumentException noAddress) {
            trouble = new ModelTrouble(ModelTrouble.Kind.FINAL, "base-url is no address that can be asked");
        }
    }

    /**
     * Closes the stream. Behind the last event there is still the end of the body: read, the connection serves again, so a moment is
     * spent on it, but not the turn's.
     */
    private void letGo(InputStream body) throws IOException {
        if (!check.isOver()) {
            body.close();
            return;
        }
        var _ = CompletableFuture.runAsync(
                        () -> {
                            try (body) {
                                body.skipNBytes(REST_BYTES_MAX);
                            } catch (IOException atItsEnd) {
                                // Which is what is hoped for.
                            }
                        },
                        wire.executor().orElseThrow())
                .orTimeout(1, TimeUnit.SECONDS)
                .exceptionally(late -> {
                    quietlyClose(body);
                    return null;
                });
    }

    private static void quietlyClose(InputStream body) {
        try {
            body.close();
        } catch (IOException gone) {
            // It has ended by itself.
        }
    }

    private java.net.http.HttpRequest toWire(HttpRequest request) {
        var wired = java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
                .POST(BodyPublishers.ofString(request.body(), StandardCharsets.UTF_8));
        request.headers().forEach((name, values) -> values.forEach(value -> wired.header(name, value)));
        return wired.build();
    }

    private ModelTrouble refused(HttpResponse<InputStream> response, InputStream body) throws IOException {
        String said = new String(body.readNBytes(ERROR_BYTES_MAX), StandardCharsets.UTF_8);
        return ModelTrouble.status(response.statusCode(), ErrorText.of(said, json), RetryAfter.of(response.headers()));
    }

    private void read(HttpResponse<InputStream> response, InputStream body, ServerSentEventListener listener)
            throws IOException, ModelTrouble {
        if (provider == Provider.OLLAMA) {
            readLines(new LineReader(body, ANSWER_BYTES_MAX), listener);
        } else if (provider == Provider.OPENAI && isOneDocument(response)) {
            byte[] whole = body.readNBytes(ANSWER_BYTES_MAX + 1);
            count(whole.length);
            pass("", WholeAnswer.asChunk(whole, json), listener);
        } else {
            readEvents(new LineReader(body, ANSWER_BYTES_MAX), listener);
        }
    }

    /** Some servers do not stream, whatever they are asked for. */
    private static boolean isOneDocument(HttpResponse<InputStream> response) {
        return response.headers().firstValue("content-type").orElse("").startsWith("application/json");
    }

    private void readLines(LineReader in, ServerSentEventListener listener) throws IOException, ModelTrouble {
        for (String line = in.next(); line != null && !check.isOver(); line = in.next()) {
            count(line.length());
            if (!line.isBlank()) {
                pass("", line, listener);
            }
            if (check.isOver()) {
                return;
            }
        }
    }

    private void readEvents(LineReader in, ServerSentEventListener listener) throws IOException, ModelTrouble {
        String event = "";
        var data = new StringBuilder();
        for (String line = in.next(); line != null; line = in.next()) {
            count(line.length() + 1);
            if (line.startsWith("event:")) {
                event = line.substring("event:".length()).strip();
            } else if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n")
                        .append(line.substring("data:".length()).strip());
            } else if (line.isEmpty() && !data.isEmpty()) {
                pass(event, data.toString(), listener);
                event = "";
                data.setLength(0);
                if (check.isOver()) {
                    return;
                }
            }
        }
        // Not every server ends its last event with an empty line; half an event is no JSON.
        if (!data.isEmpty()) {
            pass(event, data.toString(), listener);
        }
    }

    private void pass(String event, String data, ServerSentEventListener listener) throws ModelTrouble {
        String kind = check.look(data);
        listener.onEvent(
                new ServerSentEvent(event.isEmpty() && !kind.isEmpty() ? kind : event, data),
                new ServerSentEventContext(new CancellationUnsupportedHandle()));
        if (isGivenUp.getAsBoolean()) {
            throw new ModelTrouble(ModelTrouble.Kind.PASSING, "the model's answer cannot be understood");
        }
    }

    private void count(long more) throws ModelTrouble {
        bytes += more;
        if (bytes > ANSWER_BYTES_MAX) {
            throw tooLong();
        }
    }

    private static ModelTrouble tooLong() {
        return new ModelTrouble(ModelTrouble.Kind.FINAL, "the model's answer is longer than 16 MB");
    }
}
