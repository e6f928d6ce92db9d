package dev.patchbay.hub.agent.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.attachment.AttachmentDesk;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes a turn as the JSON that services and child processes get. Safe for many threads. */
public final class TurnJson {
    /** Of the history in all; the oldest lines are left out beyond it. */
    private static final int HISTORY_CHARS_MAX = 10_000_000;

    private final JsonMapper json;
    private final AttachmentDesk files;

    public TurnJson(JsonMapper json, AttachmentDesk files) {
        this.json = json;
        this.files = files;
    }

    /**
     * One object without a line break, in UTF-8.
     *
     * @param historyLimit lines of history, from 0 to 1,000
     */
    public byte[] write(Turn turn, int historyLimit) {
        ObjectNode body = json.createObjectNode();
        body.put("message_id", turn.messageId());
        body.put("session_key", turn.sessionKey());
        body.put("agent_id", turn.agentId());
        body.put("channel", turn.channel());
        body.put("account_id", turn.accountId());
        if (turn.peer() == null) {
            body.putNull("peer");
        } else {
            ObjectNode peer = body.putObject("peer");
            peer.put("kind", turn.peer().kind().word());
            peer.put("id", turn.peer().id());
        }
        if (turn.sender() == null) {
            body.putNull("sender");
        } else {
            ObjectNode sender = body.putObject("sender");
            sender.put("id", turn.sender().id());
            sender.put("name", turn.sender().name());
        }
        body.put("text", turn.text());
        attachments(body.putArray("attachments"), turn.attachments());
        history(body.putArray("history"), turn.history().latest(historyLimit));
        try {
            // By way of a string: half a surrogate pair becomes a question mark there, and an error in Jackson's own
            // UTF-8. What
            // a peer sends must not cost a turn.
            return json.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a turn is always JSON", impossible);
        }
    }

    /** Nobody out there has a token of ours: stored files become links that open without one. */
    private void attachments(ArrayNode into, List<Attachment> attachments) {
        for (Attachment each : attachments) {
            ObjectNode attachment = into.addObject();
            attachment.put("url", files.link(each));
            attachment.put("media_type", each.mediaType());
            attachment.put("name", each.name());
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
            line.put("role", each.role());
            line.put("content", each.content());
            line.put("timestamp", each.timestamp().toString());
        }
    }
}
