package dev.patchbay.hub.gateway;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.patchbay.hub.gateway.openai.Completion;
import dev.patchbay.hub.gateway.openai.CompletionJob;
import dev.patchbay.hub.gateway.openai.Completions;
import dev.patchbay.hub.gateway.openai.OpenAiError;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.Caller;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.Failures;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcLimits;
import dev.patchbay.hub.lane.Origin;
import dev.patchbay.hub.metrics.Meters;
import io.helidon.webserver.CloseConnectionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** {@code /v1}: agents as OpenAI's clients know models. Everything here, errors too, has the shape that they expect. */
final class OpenAiDoor {
    private static final String ROOT = "/v1/";
    private static final String CHAT = "/v1/chat/completions";
    private static final String MODELS = "/v1/models";

    private final Completions completions;
    private final Executor threads;
    private final int pileUpBytes;
    private final Meters meters;
    private final Failures failures;

    OpenAiDoor(Completions completions, Executor threads, int pileUpBytes, Meters meters, Failures failures) {
        this.completions = completions;
        this.threads = threads;
        this.pileUpBytes = pileUpBytes;
        this.meters = meters;
        this.failures = failures;
    }

    /** False if the path is none of ours: nothing was answered. */
    boolean handle(HttpExchange exchange) throws InterruptedException {
        String path = exchange.path();
        if (!path.startsWith(ROOT)) {
            return false;
        }
        boolean chats = path.equals(CHAT);
        try {
            Caller caller = permitted(exchange, chats ? Access.CHAT : Access.READ);
            if (chats && !exchange.method().equals("POST")) {
                notAllowed(exchange, "POST");
            } else if (chats) {
                exchange.admitted(caller, () -> chat(exchange, caller), refused -> send(exchange, refused));
            } else if (!path.equals(MODELS) && !path.startsWith(MODELS + "/")) {
                throw RpcException.of(ErrorCode.METHOD_NOT_FOUND, "there is nothing under this address");
            } else if (!exchange.isRead()) {
                notAllowed(exchange, "GET, HEAD");
            } else {
                exchange.admitted(caller, () -> models(exchange, caller, path), refused -> send(exchange, refused));
            }
        } catch (RpcException refused) {
            send(exchange, refused);
        }
        return true;
    }

    /** Read before it is refused: a client that is still sending would not see why. */
    private Caller permitted(HttpExchange exchange, Access access) throws RpcException, InterruptedException {
        Caller caller = exchange.caller();
        if (caller.may(access)) {
            return caller;
        }
        try {
            exchange.body(RpcLimits.ANONYMOUS_BODY_BYTES);
        } catch (HttpExchange.TooLong | HttpExchange.NoRoom unread) {
            // Forgotten.
        }
        if (caller.isAnonymous()) {
            exchange.with("WWW-Authenticate", "Bearer");
            throw RpcException.of(ErrorCode.UNAUTHORISED, "a valid token is needed as the API key");
        }
        throw RpcException.of(ErrorCode.FORBIDDEN, "the token lacks scope " + access.word());
    }

    private void models(HttpExchange exchange, Caller caller, String path) {
        if (path.equals(MODELS)) {
            exchange.json(200, json -> {
                json.writeStartObject();
                json.writeStringField("object", "list");
                json.writeArrayFieldStart("data");
                for (String each : completions.models(caller)) {
                    model(json, each);
                }
                json.writeEndArray();
                json.writeEndObject();
            });
            return;
        }
        String model = path.substring(MODELS.length() + 1);
        if (completions.models(caller).contains(model)) {
            exchange.json(200, json -> model(json, model));
        } else {
            send(
                    exchange,
                    RpcException.of(ErrorCode.NOT_FOUND, "there is no such model")
                            .with("parameter", "model"));
        }
    }

    private void model(JsonGenerator json, String id) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id);
        json.writeStringField("object", "model");
        json.writeNumberField("created", completions.opened().getEpochSecond());
        json.writeStringField("owned_by", "patchbay");
        json.writeEndObject();
    }

    private void chat(HttpExchange exchange, Caller caller) throws InterruptedException {
        long began = System.nanoTime();
        RpcException trouble = null;
        try {
            String client = Visitors.limitKey(caller, exchange.remoteHost());
            trouble = Origin.<Optional<RpcException>, RpcException, InterruptedException>as(
                            client, () -> answer(exchange, caller))
                    .orElse(null);
        } catch (RpcException refused) {
            trouble = refused;
            send(exchange, refused);
        } finally {
            meters.rpc(
                    Completions.METHOD,
                    trouble == null ? 0 : trouble.code().number(),
                    Duration.ofNanos(System.nanoTime() - began));
        }
    }

    /** What went wrong when the answer had begun. */
    private Optional<RpcException> answer(HttpExchange exchange, Caller caller)
            throws RpcException, InterruptedException {
        byte[] body = body(exchange);
        var stream = new CompletionStream(new SseStream(exchange, pileUpBytes), failures);
        CompletionJob job;
        try {
            job = completions.begin(body, caller, exchange.header("Idempotency-Key"), stream::delta);
        } catch (RuntimeException failure) {
            throw failures.translate(Completions.METHOD, failure);
        }
        var isGone = new AtomicBoolean();
        exchange.whenGone(() -> {
            isGone.set(true);
            job.giveUp();
        });
        try {
            if (job.isStream()) {
                return stream.run(job, threads);
            }
            exchange.send(200, "application/json", job.whole(whole(job)));
            return Optional.empty();
        } catch (RpcException failure) {
            if (!isGone.get()) {
                throw failure;
            }
            // Whoever presses "stop" is no failure of ours, and there is nobody to be told.
            throw new CloseConnectionException("the client has hung up", failure);
        } catch (UncheckedIOException unwritten) {
            throw new CloseConnectionException("the client has hung up", unwritten);
        }
    }

    /** The turn runs on a thread of its own: one that may be interrupted. */
    private Completion.Result whole(CompletionJob job) throws RpcException, InterruptedException {
        var ended = new CountDownLatch(1);
        var result = new AtomicReference<Completion.@Nullable Result>();
        var failure = new AtomicReference<@Nullable RpcException>();
        threads.execute(() -> {
            try {
                result.set(job.run());
            } catch (RpcException failed) {
                failure.set(failed);
            } catch (RuntimeException broken) {
                failure.set(failures.translate(Completions.METHOD, broken));
            } finally {
                ended.countDown();
            }
        });
        try {
            ended.await();
        } catch (InterruptedException stopped) {
            job.giveUp();
            throw stopped;
        }
        Completion.Result whole = result.get();
        if (whole == null) {
            throw Objects.requireNonNull(failure.get(), "a result or a failure");
        }
        return whole;
    }

    private static byte[] body(HttpExchange exchange) throws RpcException, InterruptedException {
        try {
            return exchange.body();
        } catch (HttpExchange.TooLong tooLong) {
            throw RpcException.of(ErrorCode.TOO_LARGE, "a request is at most " + RpcLimits.BODY_BYTES + " bytes");
        } catch (HttpExchange.NoRoom notNow) {
            throw RpcException.of(ErrorCode.NOT_STORED, HttpExchange.NoRoom.REASON)
                    .with("retry_after_ms", HttpExchange.NoRoom.RETRY_SECONDS * 1_000);
        }
    }

    private static void notAllowed(HttpExchange exchange, String allowed) {
        OpenAiError error = new OpenAiError(
                405, "invalid_request_error", null, "method_not_allowed", "only " + allowed + " here", false);
        exchange.with("Allow", allowed).send(405, "application/json", error.json());
    }

    private static void send(HttpExchange exchange, RpcException refused) {
        OpenAiError error = OpenAiError.of(refused);
        if (error.mayBeRepeated()) {
            exchange.retryAfter(refused);
        }
        // OpenAI's own clients repeat by themselves what went wrong on the server unless they are told not to.
        exchange.with("x-should-retry", Boolean.toString(error.mayBeRepeated()))
                .send(error.status(), "application/json", error.json());
    }
}
