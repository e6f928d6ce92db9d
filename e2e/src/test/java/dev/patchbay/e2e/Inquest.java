package dev.patchbay.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.e2e.Conversation.Repeat;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Compares what the hub says of itself with what conversations know: one turn for each message, in order, with its file; every repeat
 * marked; no dead letters. Asks for what is new since the last time only.
 */
final class Inquest {
    private static final int PAGE = 200;

    private final Map<Conversation, Integer> turns = new HashMap<>();

    /** Adds to the violations of the conversations. */
    void hold(Rpc rpc, List<Conversation> conversations) throws Exception {
        for (Conversation conversation : conversations) {
            for (Repeat repeat : conversation.unproven()) {
                prove(rpc, conversation, repeat);
            }
            if (conversation.kind.session().isPresent()) {
                turns(rpc, conversation, conversation.kind.session().get());
            }
        }
        for (JsonNode dead : rpc.call("deliveries.list", "state", "dead").path("deliveries")) {
            conversations.getFirst().violated("a dead letter: " + dead);
        }
    }

    /** How many turns of this conversation were seen, each once and in order. */
    int turns(Conversation conversation) {
        return turns.getOrDefault(conversation, 0);
    }

    private static void prove(Rpc rpc, Conversation conversation, Repeat repeat) throws Exception {
        Optional<JsonNode> delivery = delivery(rpc, conversation, repeat.ids());
        // Only what is delivered knows its last id; what is not yet will be looked up the next time.
        if (delivery.isPresent()) {
            if (!delivery.get().path("possibly_repeated").asBoolean()) {
                conversation.violated("came twice and is not marked: " + repeat.ids() + " " + delivery.get());
            }
            conversation.proven(repeat);
        }
    }

    private static Optional<JsonNode> delivery(Rpc rpc, Conversation conversation, List<String> ids) throws Exception {
        var found = new ArrayList<JsonNode>();
        if (conversation.kind.repeats() == Conversation.Repeats.SAME_ID) {
            String id = ids.getFirst().replaceFirst("\\..*", "");
            rpc.call("deliveries.list", "delivery_id", id).path("deliveries").forEach(found::add);
        } else {
            pages(
                    rpc,
                    page -> {
                        page.path("deliveries")
                                .forEach(each -> each.path("remote_ids").forEach(id -> {
                                    if (ids.contains(id.asText())) {
                                        found.add(each);
                                    }
                                }));
                        return !found.isEmpty();
                    },
                    "deliveries.list",
                    "channel",
                    conversation.kind.channel(),
                    "to",
                    conversation.kind.peer());
        }
        return found.stream().findFirst();
    }

    /** Reads back to the last turn that is known, and on from there. */
    private void turns(Rpc rpc, Conversation conversation, String session) throws Exception {
        int known = turns(conversation);
        Deque<JsonNode> lines = new ArrayDeque<>();
        pages(
                rpc,
                page -> {
                    for (int i = page.path("messages").size() - 1; i >= 0; i--) {
                        JsonNode line = page.path("messages").path(i);
                        if (line.path("role").asText().equals("user")) {
                            lines.addFirst(line);
                        }
                    }
                    return !lines.isEmpty() && number(lines.getFirst()) <= known;
                },
                "chat.history",
                "session_key",
                session);
        while (!lines.isEmpty() && number(lines.getFirst()) < known) {
            lines.removeFirst();
        }
        int expected = Math.max(1, known);
        for (JsonNode line : lines) {
            if (number(line) != expected) {
                conversation.violated("turn " + number(line) + " where " + expected + " was to be");
            }
            file(rpc, conversation, line);
            expected++;
        }
        if (expected <= known) {
            conversation.violated("turn " + known + " is gone");
        }
        turns.put(conversation, expected - 1);
    }

    private static void file(Rpc rpc, Conversation conversation, JsonNode line) throws Exception {
        int number = number(line);
        JsonNode files = line.path("attachments");
        // A webhook brings addresses of files only.
        boolean hasFile =
                Numbered.hasFile(number) && !conversation.kind.channel().equals("webhook");
        if (files.size() != (hasFile ? 1 : 0)) {
            conversation.violated(files.size() + " files with turn " + number);
        } else if (hasFile) {
            String id = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Numbered.file(number)));
            HttpResponse<String> stored = rpc.get("/attachments/" + id, "Authorization", "Bearer " + rpc.token());
            if (!files.path(0).path("url").asText().equals("attachment:" + id) || stored.statusCode() != 200) {
                conversation.violated("turn " + number + " has another file: " + files + ", " + stored.statusCode());
            }
        }
    }

    private static int number(JsonNode line) {
        return Numbered.read(line.path("content").asText()).getFirst().number();
    }

    /** Page after page, until there is enough. */
    private static void pages(Rpc rpc, Predicate<JsonNode> isEnough, String method, Object... params) throws Exception {
        var arguments = new ArrayList<>(List.of(params));
        arguments.addAll(List.of("limit", PAGE));
        JsonNode page = rpc.call(method, arguments.toArray());
        while (!isEnough.test(page) && page.hasNonNull("next_cursor")) {
            var next = new ArrayList<>(arguments);
            next.addAll(List.of("cursor", page.path("next_cursor").asText()));
            page = rpc.call(method, next.toArray());
        }
    }
}
