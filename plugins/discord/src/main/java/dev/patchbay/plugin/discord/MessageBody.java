package dev.patchbay.plugin.discord;

import dev.patchbay.api.Button;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import java.util.List;
import net.dv8tion.jda.api.utils.data.DataArray;
import net.dv8tion.jda.api.utils.data.DataObject;
import org.jspecify.annotations.Nullable;

/** The JSON of messages that go out. Pure. */
final class MessageBody {
    static final int TEXT_MAX = 2_000;

    private static final int ROW = 5;
    private static final String BUTTON_ID = "pb:";

    private MessageBody() {}

    /** A text in which nobody but the author of the message replied to can be pinged, whatever the agent writes. */
    static DataObject text(String text) {
        return DataObject.empty()
                .put("content", text)
                .put(
                        "allowed_mentions",
                        DataObject.empty().put("parse", DataArray.empty()).put("replied_user", true));
    }

    /** A new message that Discord takes once, however often it comes. */
    static DataObject create(OutboundMessage message, String text, DiscordSettings.ReplyMode replyMode) {
        DataObject body =
                text(text).put("nonce", Nonce.of(message.idempotencyKey())).put("enforce_nonce", true);
        if (message.part() == 1) {
            reply(body, message.to(), message.replyTo(), replyMode);
        }
        return buttons(body, message);
    }

    /** The last state of a draft. */
    static DataObject replaceDraft(OutboundMessage message, String text) {
        return buttons(text(text), message);
    }

    /** Points at another message; at none if the id is not one of a message, or the message is gone by then. */
    static void reply(DataObject body, Peer to, @Nullable String replyTo, DiscordSettings.ReplyMode replyMode) {
        boolean isWanted =
                switch (replyMode) {
                    case GROUPS -> to.kind() != Peer.Kind.DIRECT;
                    case ALWAYS -> true;
                    case NEVER -> false;
                };
        String id = replyTo == null ? "" : replyTo.split(":", 2)[0];
        if (isWanted && Snowflake.isId(id)) {
            body.put(
                    "message_reference",
                    DataObject.empty().put("message_id", id).put("fail_if_not_exists", false));
        }
    }

    /** What a pressed button says; a foreign id says itself. */
    static String buttonData(String customId) {
        return customId.matches("pb:\\d{1,2}:(?s:.+)") ? customId.substring(customId.indexOf(':', 3) + 1) : customId;
    }

    private static DataObject buttons(DataObject body, OutboundMessage message) {
        List<Button> buttons = message.buttons();
        if (message.part() < message.parts() || buttons.isEmpty()) {
            return body;
        }
        DataArray rows = DataArray.empty();
        for (int first = 0; first < buttons.size() && first < Button.MAX; first += ROW) {
            DataArray row = DataArray.empty();
            for (int i = first; i < Math.min(first + ROW, buttons.size()); i++) {
                // Ids must differ within a message, data need not.
                row.add(DataObject.empty()
                        .put("type", 2)
                        .put("style", 2)
                        .put("label", buttons.get(i).text())
                        .put("custom_id", BUTTON_ID + i + ":" + buttons.get(i).data()));
            }
            rows.add(DataObject.empty().put("type", 1).put("components", row));
        }
        return body.put("components", rows);
    }
}
