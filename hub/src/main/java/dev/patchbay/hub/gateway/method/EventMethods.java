package dev.patchbay.hub.gateway.method;

import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.event.HubEvent;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.EventStream;
import dev.patchbay.hub.gateway.rpc.RpcCall;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcParameter;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import dev.patchbay.hub.gateway.rpc.RpcType;
import java.util.List;
import java.util.Optional;

/** {@code events.subscribe} and {@code events.sync}: what happens, and what was missed. */
public final class EventMethods {
    private static final RpcParameter SINCE =
            RpcParameter.optional("since", new RpcType.Text(32), "a cursor: what came after it is sent first");

    private final Events events;
    private final Subscriptions subscriptions;

    public EventMethods(Events events, Subscriptions subscriptions) {
        this.events = events;
        this.subscriptions = subscriptions;
    }

    public List<RpcMethod> all() {
        return List.of(
                RpcMethod.named(
                                "events.subscribe",
                                Access.READ,
                                "Sends events on this socket from now on, missed ones first.")
                        .seen()
                        .takes(
                                SINCE,
                                Params.maybe("session_key", "of this session only"),
                                Params.maybe("channel", "of this channel only"),
                                Params.maybe("peer", "to this peer only; with channel: be its terminal"))
                        .returns("cursor")
                        .by(this::subscribe),
                RpcMethod.named("events.sync", Access.READ, "Answers with missed events.")
                        .seen()
                        .takes(SINCE, Params.LIMIT)
                        .returns("events[], cursor")
                        .by(this::sync));
    }

    private RpcResult subscribe(RpcCall call) throws RpcException, InterruptedException {
        EventStream client = call.client()
                .events()
                .filter(EventStream::isLasting)
                .orElseThrow(() -> RpcException.of(
                        ErrorCode.INVALID_REQUEST,
                        "events come over a WebSocket at /ws only; events.sync answers with missed ones"));
        String peer =
                call.textOrNull("peer") == null ? null : Params.to(call, "peer").id();
        String key = call.textOrNull("session_key");
        var filter = new Events.Filter(
                key == null ? null : Params.sessionKey(key),
                Params.folded(call, "channel").orElse(null),
                peer,
                call.caller().sees());
        var subscription = new Subscription(filter, client, subscriptions.frames());
        Optional<Long> since = since(call);
        subscriptions.hold(client, subscription, subscriptions.watch(events, filter, subscription));
        long cursor = events.cursor();
        if (since.isPresent()) {
            try {
                cursor = subscription.replay(events, since.get());
            } catch (Events.CursorGone gone) {
                subscriptions.drop(client);
                throw tooOld(gone);
            }
            if (cursor < 0) {
                subscriptions.drop(client);
                throw RpcException.of(ErrorCode.FULL, "the events that were missed are not read fast enough");
            }
        } else {
            subscription.startLive();
        }
        return answer(cursor);
    }

    private RpcResult sync(RpcCall call) throws RpcException, InterruptedException {
        Events.Missed missed;
        try {
            missed = events.missed(
                    since(call).orElse(0L), Params.limit(call), call.caller().sees());
        } catch (Events.CursorGone gone) {
            throw tooOld(gone);
        }
        return json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("events");
            for (HubEvent each : missed.events()) {
                EventJson.write(json, each);
            }
            json.writeEndArray();
            json.writeStringField("cursor", Long.toString(missed.cursor()));
            json.writeEndObject();
        };
    }

    private static RpcResult answer(long cursor) {
        return json -> {
            json.writeStartObject();
            json.writeStringField("cursor", Long.toString(cursor));
            json.writeEndObject();
        };
    }

    private static Optional<Long> since(RpcCall call) throws RpcException {
        String text = call.textOrNull("since");
        if (text == null) {
            return Optional.empty();
        }
        if (!text.matches("\\d{1,18}")) {
            throw RpcException.invalid("since", "is no cursor");
        }
        return Optional.of(Long.parseLong(text));
    }

    private static RpcException tooOld(Events.CursorGone gone) {
        return RpcException.invalid(
                        "since", "what came after this cursor is not kept any more; start from the oldest kept")
                .with("oldest", Long.toString(gone.known().before()));
    }
}
