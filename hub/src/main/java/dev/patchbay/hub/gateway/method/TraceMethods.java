package dev.patchbay.hub.gateway.method;

import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcCall;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import dev.patchbay.hub.session.Conversations;
import dev.patchbay.hub.store.AttemptEnd;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoredDelivery;
import dev.patchbay.hub.store.StoredInbound;
import dev.patchbay.hub.store.StoredLine;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code messages.trace}: the way of one message through the hub, from the inbox to its deliveries. */
public final class TraceMethods {
    private final Store store;

    public TraceMethods(Store store) {
        this.store = store;
    }

    public List<RpcMethod> all() {
        return List.of(RpcMethod.named("messages.trace", Access.READ, "Shows the way of a message through the hub.")
                .takes(
                        Params.maybe("message_id", "from the inbox on"),
                        Params.maybe("delivery_id", "with the message whose turn queued it, if any"))
                .returns("steps[{step, at, …}]: accepted, answered, silent, failed, queued, attempt, delivered, dead,"
                        + " expired, discarded")
                .by(this::trace));
    }

    private record Step(Instant at, Map<String, Object> members) {}

    private RpcResult trace(RpcCall call) throws RpcException, InterruptedException {
        String messageId = call.textOrNull("message_id");
        String deliveryId = call.textOrNull("delivery_id");
        if ((messageId == null) == (deliveryId == null)) {
            throw RpcException.invalid("message_id", "give either message_id or delivery_id");
        }
        var steps = new ArrayList<Step>();
        if (deliveryId != null) {
            Optional<StoredDelivery> delivery = store.delivery(deliveryId);
            if (delivery.isPresent()) {
                String origin = delivery.get().messageId();
                if (origin != null) {
                    message(origin, steps);
                }
                delivery(delivery.get(), steps);
            }
        } else if (messageId != null) {
            message(messageId, steps);
            String answeredWith =
                    store.line(messageId).map(Conversations::answeredWith).orElse(messageId);
            for (StoredDelivery each : store.deliveriesOf(answeredWith)) {
                delivery(each, steps);
            }
        }
        if (steps.isEmpty()) {
            throw RpcException.of(ErrorCode.NOT_FOUND, "nothing is known of it");
        }
        steps.sort(Comparator.comparing(Step::at));
        return json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("steps");
            for (Step each : steps) {
                Json.tree(json, each.members());
            }
            json.writeEndArray();
            json.writeEndObject();
        };
    }

    private void message(String id, List<Step> steps) throws InterruptedException {
        Optional<StoredInbound> waiting = store.inbound(id);
        if (waiting.isPresent()) {
            StoredInbound row = waiting.get();
            steps.add(step(
                    "accepted",
                    row.acceptedAt(),
                    "message_id",
                    id,
                    "session_key",
                    row.sessionKey(),
                    "agent_id",
                    row.agentId(),
                    "channel",
                    row.channel()));
            return;
        }
        Optional<StoredLine> asked = store.line(id);
        if (asked.isEmpty()) {
            return;
        }
        StoredLine user = asked.get();
        Map<String, String> known = user.metadata();
        steps.add(step(
                "accepted",
                user.at(),
                "message_id",
                id,
                "session_key",
                user.sessionKey(),
                "agent_id",
                known.getOrDefault("agent_id", ""),
                "channel",
                known.getOrDefault("channel", "")));
        Optional<StoredLine> answer = store.line(Conversations.answerLineId(Conversations.answeredWith(user)));
        if (answer.isPresent()) {
            steps.add(
                    step("answered", answer.get().at(), "line_id", answer.get().lineId()));
        } else if (known.containsKey("error")) {
            steps.add(step("failed", user.at(), "error", known.getOrDefault("error", "")));
        } else {
            steps.add(step("silent", user.at()));
        }
    }

    private void delivery(StoredDelivery delivery, List<Step> steps) throws InterruptedException {
        var ref = delivery.ref();
        String id = ref.deliveryId();
        Instant latest = ref.createdAt();
        steps.add(step(
                "queued",
                ref.createdAt(),
                "delivery_id",
                id,
                "channel",
                ref.lane().channel(),
                "account_id",
                ref.lane().accountId(),
                "to",
                DeliveryMethods.to(ref)));
        for (AttemptEnd each : store.attempts(id)) {
            latest = each.at();
            if (each.outcome().equals(ref.state().word())) {
                // Ended without an attempt: the end itself is shown below.
                continue;
            }
            steps.add(step(
                    "attempt",
                    each.at(),
                    "delivery_id",
                    id,
                    "attempts",
                    each.attempts(),
                    "outcome",
                    each.outcome(),
                    "error",
                    each.reason() == null ? "" : each.reason(),
                    "possibly_repeated",
                    each.possiblyRepeated()));
        }
        if (!ref.state().isOpen()) {
            Instant ended = delivery.deliveredAt();
            Step end = step(
                    ref.state().word(),
                    ended == null ? latest : ended,
                    "delivery_id",
                    id,
                    "attempts",
                    ref.attempts(),
                    "possibly_repeated",
                    ref.possiblyRepeated());
            if (ref.state() == DeliveryState.DELIVERED) {
                end.members().put("remote_ids", delivery.remoteIds());
            } else if (delivery.lastError() != null) {
                end.members().put("error", delivery.lastError());
            }
            steps.add(end);
        }
    }

    private static Step step(String name, Instant at, Object... members) {
        var all = new LinkedHashMap<String, Object>();
        all.put("step", name);
        all.put("at", at.truncatedTo(ChronoUnit.MILLIS).toString());
        for (int i = 0; i < members.length; i += 2) {
            all.put((String) members[i], members[i + 1]);
        }
        return new Step(at, all);
    }
}
