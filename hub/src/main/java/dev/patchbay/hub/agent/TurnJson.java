package dev.patchbay.hub.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a turn as the JSON that services get. Safe for many threads. */
final class TurnJson {
    /** Of the history in all; the oldest lines are left out beyond it. */
    private static final int HISTORY_CHARS_MAX = 10_000_000;

    private final JsonMapper json;

    TurnJson(JsonMapper json) {
        this.json = json;
    }

    byte[] write(Turn turn, int historyLimit) {
        ObjectNode body = json.createObjectNode();
        put(body, "message_id", turn.messageId());
        put(body, "session_key", turn.sessionKey());
        put(body, "agent_id", turn.agentId());
        put(body, "channel", turn.channel());
        put(body, "account_id", turn.accountId());
        if (turn.peer() == null) {
            body.putNull("peer");
        } else {
            ObjectNode peer = body.putObject("peer");
            put(peer, "kind", turn.peer().kind().word());
            put(peer, "id", turn.peer().id());
        }
        if (turn.sender() == null) {
            body.putNull("sender");
        } else {
            ObjectNode sender = body.putObject("sender");
            put(sender, "id", turn.sender().id());
            put(sender, "name", turn.sender().name());
        }
        put(body, "text", turn.text());
        attachments(body.putArray("attachments"), turn.attachments());
        history(body.putArray("history"), turn.history().latest(historyLimit));
        try {
            return json.writeValueAsBytes(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a turn is always JSON", impossible);
        }
    }

    private static void attachments(ArrayNode into, List<Attachment> attachments) {
        for (Attachment each : attachments) {
            ObjectNode attachment = into.addObject();
            put(attachment, "url", each.url());
            put(attachment, "media_type", each.mediaType());
            put(attachment, "name", each.name());
        }
    }

    private static void history(ArrayNode into, List<Turn.Line> lines) {
        int first = lines.size();
        long chars = 0;
        while (first > 0 && (chars += lines.get(first - 1).content().length()) <= HISTORY_CHARS_MAX) {
            first--;
        }
        for (Turn.Line each : lines.subList(first, lines.size())) {
            ObjectNode line = into.addObject();
            put(line, "role", each.role());
            put(line, "content", each.content());
            put(line, "timestamp", each.timestamp().toString());
        }
    }

    /** Half a surrogate pair cannot be written as UTF-8; what a peer sends must not cost a turn. */
    private static void put(ObjectNode into, String name, @Nullable String value) {
        into.put(name, value == null ? null : AnswerText.wellFormed(value));
    }
}
