package dev.patchbay.plugin.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.OutboundMessage;
import java.nio.charset.StandardCharsets;

/** The JSON of one callback; the same in every attempt, but for links to files, which are signed anew. */
final class CallbackBody {

    private CallbackBody() {}

    static byte[] of(OutboundMessage message, String accountId, Attachments files) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("type", "message.outbound");
        body.put("timestamp", message.createdAt().toString());
        ObjectNode data = body.putObject("data");
        data.put("delivery_id", message.deliveryId());
        data.put("account_id", accountId);
        data.put("to", message.to().id());
        if (message.threadId() != null) {
            data.put("thread_id", message.threadId());
        }
        data.put("text", message.text());
        data.put("part", message.part());
        data.put("parts", message.parts());
        if (message.replyTo() != null) {
            data.put("reply_to", message.replyTo());
        }
        if (message.sessionKey() != null) {
            data.put("session_key", message.sessionKey());
        }
        if (!message.attachments().isEmpty()) {
            ArrayNode attachments = data.putArray("attachments");
            message.attachments().forEach(attachment -> attach(attachments.addObject(), attachment, files));
        }
        if (!message.buttons().isEmpty()) {
            ArrayNode buttons = data.putArray("buttons");
            message.buttons()
                    .forEach(button ->
                            buttons.addObject().put("text", button.text()).put("data", button.data()));
        }
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void attach(ObjectNode to, Attachment attachment, Attachments files) {
        to.put("url", files.link(attachment));
        if (attachment.mediaType() != null) {
            to.put("media_type", attachment.mediaType());
        }
        if (attachment.name() != null) {
            to.put("name", attachment.name());
        }
    }
}
