package dev.patchbay.hub.gateway.method;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.delivery.QueueDepth;
import dev.patchbay.hub.gateway.method.ChannelDesk.AccountState;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcCall;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import dev.patchbay.hub.store.DeliveryCount;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.Store;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Channels: how they are doing, and moving them. */
public final class ChannelMethods {
    private final ChannelDesk desk;
    private final Deliveries deliveries;
    private final Store store;
    private final Clock clock;

    public ChannelMethods(ChannelDesk desk, Deliveries deliveries, Store store, Clock clock) {
        this.desk = desk;
        this.deliveries = deliveries;
        this.store = store;
        this.clock = clock;
    }

    /** One thing that can be done to an account. */
    @FunctionalInterface
    private interface Move {
        boolean make(String channel, String accountId) throws InterruptedException;
    }

    public List<RpcMethod> all() {
        return List.of(
                RpcMethod.named("channels.status", Access.READ, "Shows how all accounts are doing.")
                        .seen()
                        .takes(
                                Params.maybe("channel", "of this channel"),
                                Params.maybe("account_id", "of this account"))
                        .returns("channels[{channel, account_id, state, since, last_error?, queued, oldest_queued_ms,"
                                + " dead}]")
                        .by(call ->
                                status(meant(call, Params.folded(call, "channel"), Params.folded(call, "account_id")))),
                move("channels.restart", "Opens accounts anew.", desk::restart),
                move("channels.pause", "Takes accounts off their platform; what goes out waits.", desk::pause),
                move("channels.resume", "Lets paused accounts go on.", desk::resume));
    }

    private RpcMethod move(String name, String summary, Move move) {
        return RpcMethod.named(name, Access.OPERATE, summary)
                .seen()
                .takes(
                        Params.name("channel", "the channel"),
                        Params.maybe("account_id", "one account; all of the channel unless said"))
                .returns("channels[], as channels.status")
                .by(call -> moved(call, move));
    }

    private RpcResult moved(RpcCall call, Move move) throws RpcException, InterruptedException {
        String channel = Params.folded(call.text("channel"));
        Optional<String> account = Params.folded(call, "account_id");
        List<AccountState> meant = meant(call, Optional.of(channel), account);
        if (meant.isEmpty()) {
            throw RpcException.of(
                    ErrorCode.NOT_FOUND,
                    account.map(id -> "channel " + channel + " has no account " + id)
                            .orElse("there is no channel " + channel));
        }
        for (AccountState each : meant) {
            if (!move.make(each.channel(), each.accountId())) {
                throw RpcException.of(
                        ErrorCode.NOT_FOUND, "account " + each.accountId() + " of channel " + channel + " is gone");
            }
        }
        return status(meant(call, Optional.of(channel), account));
    }

    private List<AccountState> meant(RpcCall call, Optional<String> channel, Optional<String> account) {
        return desk.accounts().stream()
                .filter(each -> call.caller().sees().account(each.channel(), each.accountId()))
                .filter(each -> channel.isEmpty() || channel.get().equals(each.channel()))
                .filter(each -> account.isEmpty() || account.get().equals(each.accountId()))
                .toList();
    }

    private RpcResult status(List<AccountState> meant) throws InterruptedException {
        List<DeliveryCount> counts = store.deliveryCounts();
        return json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("channels");
            for (AccountState each : meant) {
                write(json, each, counts);
            }
            json.writeEndArray();
            json.writeEndObject();
        };
    }

    private void write(JsonGenerator json, AccountState account, List<DeliveryCount> counts) throws IOException {
        QueueDepth depth = deliveries.depth(account.channel(), account.accountId());
        long dead = counts.stream()
                .filter(each -> each.state() == DeliveryState.DEAD
                        && each.channel().equals(account.channel())
                        && each.accountId().equals(account.accountId()))
                .mapToLong(DeliveryCount::count)
                .sum();
        json.writeStartObject();
        json.writeStringField("channel", account.channel());
        json.writeStringField("account_id", account.accountId());
        json.writeStringField("state", account.state());
        Json.time(json, "since", account.since());
        Json.optional(json, "last_error", account.lastError().orElse(null));
        json.writeNumberField("queued", depth.open());
        json.writeNumberField(
                "oldest_queued_ms",
                depth.oldest()
                        .map(oldest -> Math.max(
                                0, Duration.between(oldest, clock.instant()).toMillis()))
                        .orElse(0L));
        json.writeNumberField("dead", dead);
        json.writeEndObject();
    }
}
