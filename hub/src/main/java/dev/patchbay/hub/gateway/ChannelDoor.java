package dev.patchbay.hub.gateway;

import dev.patchbay.api.HttpAnswer;
import dev.patchbay.api.HttpCall;
import dev.patchbay.api.HttpReceiver;
import dev.patchbay.hub.failpoint.Place;
import dev.patchbay.hub.gateway.rpc.Caller;
import dev.patchbay.hub.gateway.rpc.Failures;
import dev.patchbay.hub.gateway.rpc.RpcLimits;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /PATH/ACCOUNT}: requests to channel accounts, which see to their senders' credentials themselves. */
final class ChannelDoor {
    private static final Logger log = LoggerFactory.getLogger(ChannelDoor.class);
    private static final String RETRY_SECONDS = "5";

    private final ChannelDoors doors;
    private final Failures failures;

    ChannelDoor(ChannelDoors doors, Failures failures) {
        this.doors = doors;
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
            case ChannelDoors.Found.Open(var receiver) ->
                exchange.admitted(Caller.ANONYMOUS, () -> call(exchange, receiver));
        }
        return true;
    }

    private void call(HttpExchange exchange, HttpReceiver receiver) throws InterruptedException {
        HttpCall received;
        try {
            received = new HttpCall(exchange.method(), exchange.path(), exchange.headers(), exchange.body());
        } catch (HttpExchange.TooLong tooLong) {
            exchange.error(413, "a body is at most " + RpcLimits.BODY_BYTES + " bytes");
            return;
        } catch (HttpExchange.NoRoom notNow) {
            exchange.with("Retry-After", Integer.toString(HttpExchange.NoRoom.RETRY_SECONDS))
                    .error(503, HttpExchange.NoRoom.REASON);
            return;
        }
        HttpAnswer answer;
        try {
            exchange.reach(Place.CHANNEL_BEFORE_REQUEST);
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
