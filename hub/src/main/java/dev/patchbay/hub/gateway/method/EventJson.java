package dev.patchbay.hub.gateway.method;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.patchbay.hub.attachment.AttachmentJson;
import dev.patchbay.hub.event.HubEvent;
import dev.patchbay.hub.gateway.rpc.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;

/** Events as they stand on the wire. */
final class EventJson {
    /** Fields of events about budgets that are numbers. */
    private static final Set<String> AMOUNTS = Set.of("spent", "limit");

    private EventJson() {}

    /** A whole notification. */
    static byte[] frame(HubEvent event) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("jsonrpc", "2.0");
            json.writeStringField("method", "event");
            json.writeFieldName("params");
            write(json, event);
            json.writeEndObject();
        });
    }

    static void write(JsonGenerator json, HubEvent event) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", event.type());
        Json.optional(json, "message_id", event.messageId());
        Json.optional(json, "session_key", event.sessionKey());
        for (Map.Entry<String, String> each : event.fields().entrySet()) {
            switch (each.getKey()) {
                case AttachmentJson.ATTACHMENTS ->
                    AttachmentJson.writeAttachments(json, AttachmentJson.readAttachments(each.getValue()));
                case AttachmentJson.BUTTONS ->
                    AttachmentJson.writeButtons(json, AttachmentJson.readButtons(each.getValue()));
                case "type", "message_id", "session_key", "cursor" -> {} // Our own.
                default -> {
                    if (AMOUNTS.contains(each.getKey()) && event.type().startsWith("budget.")) {
                        json.writeNumberField(each.getKey(), new BigDecimal(each.getValue()));
                    } else {
                        json.writeStringField(each.getKey(), each.getValue());
                    }
                }
            }
        }
        json.writeStringField("cursor", Long.toString(event.seq()));
        json.writeEndObject();
    }
}
