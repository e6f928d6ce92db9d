package dev.patchbay.hub.gateway;

import dev.patchbay.hub.gateway.rpc.Caller;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.RpcAnswer;
import dev.patchbay.hub.gateway.rpc.RpcClient;
import dev.patchbay.hub.gateway.rpc.RpcEngine;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcLimits;
import dev.patchbay.hub.lane.Lanes;
import dev.patchbay.hub.lane.Origin;
import java.util.Optional;
import java.util.concurrent.Executor;

/** {@code POST /rpc}: one text in, one text out, or a stream of events that ends with it. */
final class RpcDoor {
    private static final String EVENT_STREAM = "text/event-stream";
    private static final RpcAnswer UNAUTHORISED = RpcAnswer.error(
            RpcException.of(ErrorCode.UNAUTHORISED, "a valid token is needed: Authorization: Bearer TOKEN"));

    private static final RpcAnswer NO_ROOM =
            RpcAnswer.error(RpcException.of(ErrorCode.NOT_STORED, HttpExchange.NoRoom.REASON)
                    .with("retry_after_ms", HttpExchange.NoRoom.RETRY_SECONDS * 1_000));

    private final RpcEngine engine;
    private final Executor threads;
    private final int pileUpBytes;

    RpcDoor(RpcEngine engine, Executor threads, int pileUpBytes) {
        this.engine = engine;
        this.threads = threads;
        this.pileUpBytes = pileUpBytes;
    }

    void handle(HttpExchange exchange) throws InterruptedException {
        if (!exchange.method().equals("POST")) {
            exchange.notAllowed("POST");
            return;
        }
        Caller caller = exchange.caller();
        byte[] body;
        try {
            body = exchange.body(caller.isAnonymous() ? RpcLimits.ANONYMOUS_BODY_BYTES : RpcLimits.BODY_BYTES);
        } catch (HttpExchange.TooLong tooLong) {
            send(
                    exchange,
                    caller.isAnonymous()
                            ? UNAUTHORISED
                            : RpcAnswer.error(RpcException.of(
                                    ErrorCode.TOO_LARGE, "a request is at most " + RpcLimits.BODY_BYTES + " bytes")));
            return;
        } catch (HttpExchange.NoRoom notNow) {
            send(exchange, NO_ROOM);
            return;
        }
        boolean streaming = exchange.header("Accept")
                .map(accept -> accept.contains(EVENT_STREAM))
                .orElse(false);
        if (streaming) {
            var stream = new SseStream(exchange, pileUpBytes);
            RpcClient client = client(exchange, caller, Optional.of(stream));
            Origin.<RuntimeException, RuntimeException>doAs(
                    client.address(), () -> engine.submit(body, client, stream::end));
            stream.run().ifPresent(answer -> send(exchange, answer));
        } else {
            RpcClient client = client(exchange, caller, Optional.empty());
            send(exchange, Origin.as(client.address(), () -> engine.answer(body, client)));
        }
    }

    private RpcClient client(HttpExchange exchange, Caller caller, Optional<SseStream> stream) {
        String host = exchange.remoteHost();
        return new RpcClient(
                caller,
                Visitors.limitKey(caller, host),
                Visitors.isLoopback(host),
                new Lanes<>(threads, RpcLimits.BATCH),
                stream.map(each -> each));
    }

    private static void send(HttpExchange exchange, RpcAnswer answer) {
        if (answer.isNothing() && answer.code() == ErrorCode.UNAUTHORISED.number()) {
            send(exchange, UNAUTHORISED);
            return;
        }
        if (answer.isNothing()) {
            exchange.nothing(204);
            return;
        }
        if (answer.retryAfterMillis() > 0) {
            exchange.with("Retry-After", Long.toString(Math.ceilDiv(answer.retryAfterMillis(), 1_000)));
        }
        int status = status(answer.code());
        if (status == 401) {
            exchange.with("WWW-Authenticate", "Bearer");
        }
        exchange.send(status, "application/json", answer.json());
    }

    private static int status(int code) {
        return switch (code) {
            case -32001 -> 401;
            case -32003 -> 403;
            case -32006 -> 413;
            case -32007 -> 429;
            case -32010, -32011 -> 503;
            default -> 200;
        };
    }
}
