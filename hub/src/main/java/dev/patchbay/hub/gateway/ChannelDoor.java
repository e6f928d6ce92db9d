package dev.patchbay.hub.gateway;

import dev.patchbay.api.HttpAnswer;
import dev.patchbay.api.HttpCall;
import dev.patchbay.api.HttpReceiver;
import dev.patchbay.hub.gateway.rpc.Caller;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.Failures;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcLimits;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /PATH/ACCOUNT}: requests to channel accounts, which see to their senders' credentials themselves. */
final class ChannelDoor {
    private static final Logger log = LoggerFactory.getLogger(ChannelDoor.class);
    private static final String RETRY_SECONDS = "5";

    private final ChannelDoors doors;
    private final Visitors visitors;
    private final Failures failures;

    ChannelDoor(ChannelDoors doors, Visitors visitors, Failures failures) {
        this.doors = doors;
        this.visitors = visitors;
        this.failures = failures;
    }

    /** False if no account is meant: nothing was answered. */
    boolean handle(HttpExchange exchange) throws InterruptedException {
        String[] segments = exchange.path().split("/", -1);
        if (segments.length != 3 || segments[1].isEmpty() || segments[2].isEmpty()) {
            return false;
        }
        switch (doors.find(segments[1], segments[2])) {
            case ChannelDoors.Found.Nothing() -> {
                return false;
            }
            case ChannelDoors.Found.Closed() ->
                exchange.with("Retry-After", RETRY_SECONDS).error(503, "this account takes nothing now");
            case ChannelDoors.Found.Open(var receiver) -> admitted(exchange, receiver);
        }
        return true;
    }

    private void admitted(HttpExchange exchange, HttpReceiver receiver) throws InterruptedException {
        String host = exchange.remoteHost();
        try {
            visitors.admission().admit(Visitors.limitKey(Caller.ANONYMOUS, host), Visitors.isLoopback(host), 1);
        } catch (RpcException refused) {
            long millis = refused.data().get("retry_after_ms") instanceof Number number ? number.longValue() : 5_000;
            exchange.with("Retry-After", Long.toString(Math.ceilDiv(millis, 1_000)))
                    .error(
                            refused.code() == ErrorCode.RATE_LIMITED ? 429 : 503,
                            String.valueOf(refused.data().get("reason")));
            return;
        }
        try {
            call(exchange, receiver);
        } finally {
            visitors.admission().done(1);
        }
    }

    private void call(HttpExchange exchange, HttpReceiver receiver) throws InterruptedException {
        HttpCall received;
        try {
            received = new HttpCall(exchange.method(), exchange.path(), exchange.headers(), exchange.body());
        } catch (HttpExchange.TooLong tooLong) {
            exchange.error(413, "a body is at most " + RpcLimits.BODY_BYTES + " bytes");
            return;
        }
        HttpAnswer answer;
        try {
            answer = receiver.receive(received);
        } catch (RuntimeException | LinkageError failure) {
            String reference = failures.reference();
            log.error("The channel behind {} failed, reference {}", exchange.path(), reference, failure);
            exchange.error(500, "internal error, reference " + reference);
            return;
        }
        String contentType = null;
        for (Map.Entry<String, String> each : answer.headers().entrySet()) {
            if (each.getKey().equalsIgnoreCase("Content-Type")) {
                contentType = each.getValue();
            } else if (!each.getKey().equalsIgnoreCase("Content-Length")) {
                exchange.with(each.getKey(), each.getValue());
            }
        }
        if (answer.body().length == 0) {
            exchange.nothing(answer.status());
        } else {
            exchange.send(
                    answer.status(), contentType == null ? "application/octet-stream" : contentType, answer.body());
        }
    }
}
