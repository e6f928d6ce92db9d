package dev.patchbay.fakes.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.fakes.telegram.FileShelf.Shelved;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The methods that show something in a chat. Called with the bot's lock held. */
final class MessageCalls {
    private static final int TEXT_UNITS_MAX = 4_096;
    private static final int CAPTION_UNITS_MAX = 1_024;
    private static final Map<String, String> FILES = Map.of(
            "sendphoto", "photo",
            "senddocument", "document",
            "sendvoice", "voice",
            "sendaudio", "audio",
            "sendvideo", "video",
            "sendsticker", "sticker",
            "sendanimation", "animation",
            "sendvideonote", "video_note");
    private static final Set<String> ACTIONS = Set.of(
            "typing",
            "upload_photo",
            "record_video",
            "upload_video",
            "record_voice",
            "upload_voice",
            "upload_document",
            "choose_sticker",
            "find_location",
            "record_video_note",
            "upload_video_note");

    private final FakeBot bot;

    MessageCalls(FakeBot bot) {
        this.bot = bot;
    }

    JsonNode answer(Call call, long arrivedNanos) {
        return switch (call.method()) {
            case "sendmessage" -> sendText(call, arrivedNanos);
            case "sendlocation" -> sendLocation(call, arrivedNanos);
            case "sendmediagroup" -> sendAlbum(call, arrivedNanos);
            case "editmessagetext" -> editText(call, "text", TEXT_UNITS_MAX, arrivedNanos);
            case "editmessagecaption" -> editText(call, "caption", CAPTION_UNITS_MAX, arrivedNanos);
            case "editmessagereplymarkup" -> editKeyboard(call, arrivedNanos);
            case "deletemessage" -> delete(call);
            case "sendchataction" -> act(call);
            case "setmessagereaction" -> react(call);
            case "getchat" -> describe(chat(call));
            case "getchatmember" -> member(call);
            default -> {
                String kind = fileKind(call.method()).orElseThrow(() -> ApiError.of(404, "Not Found"));
                yield sendFile(call, kind, arrivedNanos);
            }
        };
    }

    /** What a method sends, if that is one file. */
    static Optional<String> fileKind(String method) {
        return Optional.ofNullable(FILES.get(method));
    }

    private JsonNode sendText(Call call, long arrivedNanos) {
        FakeChat chat = open(call);
        Text text = text(call, "text", TEXT_UNITS_MAX);
        if (text.plain().isEmpty()) {
            throw ApiError.bad("message text is empty");
        }
        return send(call, chat, "text", arrivedNanos, List.of(), message -> text.write(message, false));
    }

    private JsonNode sendLocation(Call call, long arrivedNanos) {
        FakeChat chat = open(call);
        double latitude = degrees(call, "latitude", 90);
        double longitude = degrees(call, "longitude", 180);
        return send(call, chat, "location", arrivedNanos, List.of(), message -> message.putObject("location")
                .put("latitude", latitude)
                .put("longitude", longitude));
    }

    private JsonNode sendFile(Call call, String kind, long arrivedNanos) {
        FakeChat chat = open(call);
        Text caption = text(call, "caption", CAPTION_UNITS_MAX);
        Shelved file = bot.files.take(call, kind, kind, call.text(kind).orElse(""));
        return send(call, chat, kind, arrivedNanos, List.of(file.media()), message -> {
            FileShelf.write(file, message);
            caption.write(message, true);
        });
    }

    private JsonNode send(
            Call call, FakeChat chat, String kind, long arrivedNanos, List<Media> files, Consumer<ObjectNode> content) {
        Optional<Long> thread = thread(call, chat);
        Optional<Stored> replied = replied(call, chat);
        ArrayNode keyboard = keyboard(call);
        bot.limiter.admitMessages(chat.id, chat.isGroup(), 1);
        Stored message = chat.add(true, kind, bot.json(), arrivedNanos, json -> {
            chat.place(json, thread, replied);
            content.accept(json);
        });
        message.files.addAll(files);
        message.source = call.text(message.hasCaption() ? "caption" : "text").orElse("");
        message.parseMode = call.text("parse_mode").orElse("");
        message.keyboard(keyboard);
        bot.show(chat, message);
        return message.json.deepCopy();
    }

    private JsonNode sendAlbum(Call call, long arrivedNanos) {
        FakeChat chat = open(call);
        Optional<Long> thread = thread(call, chat);
        Optional<Stored> replied = replied(call, chat);
        JsonNode list = call.json("media").orElseGet(Json::array);
        if (list.size() < 2 || list.size() > 10) {
            throw ApiError.bad(
                    list.isEmpty()
                            ? "there are no media in the request"
                            : "wrong number of media in the album: 2 to 10");
        }
        var files = new ArrayList<Shelved>();
        var captions = new ArrayList<Text>();
        for (JsonNode each : list) {
            files.add(bot.files.take(
                    call, each.path("type").asText(), "", each.path("media").asText()));
            Text caption = Text.of(
                    each.path("caption").asText(), each.path("parse_mode").asText(), each.path("caption_entities"));
            captions.add(checked(caption, CAPTION_UNITS_MAX, "caption"));
        }
        bot.limiter.admitMessages(chat.id, chat.isGroup(), files.size());
        String album = bot.nextAlbum();
        ArrayNode sent = Json.array();
        for (int i = 0; i < files.size(); i++) {
            Shelved file = files.get(i);
            Text caption = captions.get(i);
            Stored message = chat.add(true, file.media().kind(), bot.json(), arrivedNanos, json -> {
                chat.place(json, thread, replied);
                json.put("media_group_id", album);
                FileShelf.write(file, json);
                caption.write(json, true);
            });
            message.files.add(file.media());
            message.source = list.path(i).path("caption").asText();
            message.parseMode = list.path(i).path("parse_mode").asText();
            bot.show(chat, message);
            sent.add(message.json.deepCopy());
        }
        return sent;
    }

    private JsonNode editText(Call call, String name, int most, long arrivedNanos) {
        FakeChat chat = open(call);
        Stored message = editable(call, chat);
        if (message.hasCaption() != name.equals("caption")) {
            throw ApiError.bad("there is no " + name + " in the message to edit");
        }
        Text text = text(call, name, most);
        if (text.plain().isEmpty() && name.equals("text")) {
            throw ApiError.bad("message text is empty");
        }
        ArrayNode keyboard = keyboard(call);
        boolean isSame = text.plain().equals(message.text())
                && sameList(text.entities(), message.entities())
                && sameList(keyboard, message.keyboard().path("inline_keyboard"));
        return edited(chat, message, isSame, arrivedNanos, () -> {
            text.write(message.json, message.hasCaption());
            message.source = call.text(name).orElse("");
            message.parseMode = call.text("parse_mode").orElse("");
            message.keyboard(keyboard);
        });
    }

    private JsonNode editKeyboard(Call call, long arrivedNanos) {
        FakeChat chat = open(call);
        Stored message = editable(call, chat);
        ArrayNode keyboard = keyboard(call);
        boolean isSame = sameList(keyboard, message.keyboard().path("inline_keyboard"));
        return edited(chat, message, isSame, arrivedNanos, () -> message.keyboard(keyboard));
    }

    private JsonNode edited(FakeChat chat, Stored message, boolean isSame, long arrivedNanos, Runnable change) {
        if (isSame) {
            throw ApiError.bad(
                    "message is not modified: specified new message content and reply markup are exactly the same as "
                            + "a current content and reply markup of the message");
        }
        bot.limiter.admitEdit(chat.id);
        message.edits.add(new SentMessage.Edit(message.text(), arrivedNanos));
        change.run();
        message.json.put("edit_date", bot.now());
        bot.show(chat, message);
        return message.json.deepCopy();
    }

    private JsonNode delete(Call call) {
        FakeChat chat = open(call);
        Stored message = chat.find(call.messageId()).orElseThrow(() -> ApiError.bad("message to delete not found"));
        message.isDeleted = true;
        bot.notifyAll();
        return Json.yes();
    }

    private JsonNode act(Call call) {
        FakeChat chat = open(call);
        thread(call, chat);
        chat.act(call.text("action")
                .filter(ACTIONS::contains)
                .orElseThrow(() -> ApiError.bad("wrong parameter action in request")));
        return Json.yes();
    }

    private JsonNode react(Call call) {
        FakeChat chat = open(call);
        long messageId = call.messageId();
        if (chat.find(messageId).isEmpty()) {
            throw ApiError.bad("message to react not found");
        }
        JsonNode list = call.json("reaction").orElseGet(Json::array);
        String emoji = list.path(0).path("emoji").asText("");
        if (list.size() > 1 || (!list.isEmpty() && !Reactions.ALLOWED.contains(emoji))) {
            throw ApiError.bad(list.size() > 1 ? "REACTIONS_TOO_MANY" : "REACTION_INVALID");
        }
        chat.react(messageId, emoji);
        return Json.yes();
    }

    private static ObjectNode describe(FakeChat chat) {
        ObjectNode full = chat.json().put("accent_color_id", 2).put("max_reaction_count", 11);
        full.putObject("accepted_gift_types");
        return full;
    }

    private JsonNode member(Call call) {
        FakeChat chat = chat(call);
        long user = call.number("user_id").orElseThrow(() -> ApiError.bad("invalid user_id specified"));
        ObjectNode member =
                Json.object().put("status", user == bot.id() && chat.isGroup() ? "administrator" : "member");
        member.set(
                "user",
                user == bot.id() ? bot.json() : chat.user(user, "User" + user).json());
        return member;
    }

    private FakeChat chat(Call call) {
        String id = call.text("chat_id").orElseThrow(() -> ApiError.bad("chat_id is empty"));
        return call.number("chat_id")
                .filter(number -> !id.isBlank())
                .flatMap(bot::find)
                .orElseThrow(() -> ApiError.bad("chat not found"));
    }

    private FakeChat open(Call call) {
        FakeChat chat = chat(call);
        chat.checkOpen();
        return chat;
    }

    private static Stored editable(Call call, FakeChat chat) {
        Stored message = chat.find(call.messageId()).orElseThrow(() -> ApiError.bad("message to edit not found"));
        if (!message.isBots) {
            throw ApiError.bad("message can't be edited");
        }
        return message;
    }

    private static Optional<Long> thread(Call call, FakeChat chat) {
        Optional<Long> thread = call.number("message_thread_id");
        if (thread.isPresent() && !chat.hasTopic(thread.get())) {
            throw ApiError.bad("message thread not found");
        }
        return thread;
    }

    private static Optional<Stored> replied(Call call, FakeChat chat) {
        JsonNode reply = call.json("reply_parameters").orElseGet(() -> JsonNodeFactory.instance.missingNode());
        Optional<Long> wanted = reply.path("message_id").isNumber()
                ? Optional.of(reply.path("message_id").asLong())
                : call.number("reply_to_message_id");
        Optional<Stored> replied = wanted.flatMap(chat::find);
        boolean isOptional =
                reply.path("allow_sending_without_reply").asBoolean() || call.flag("allow_sending_without_reply");
        if (wanted.isPresent() && replied.isEmpty() && !isOptional) {
            throw ApiError.bad("message to be replied not found");
        }
        return replied;
    }

    private static ArrayNode keyboard(Call call) {
        JsonNode rows = call.json("reply_markup").orElseGet(Json::object).path("inline_keyboard");
        for (JsonNode row : rows) {
            for (JsonNode button : row) {
                if (button.path("text").asText().isEmpty()) {
                    throw ApiError.bad("can't parse inline keyboard button: text must be non-empty");
                }
                int data = button.path("callback_data").asText().getBytes(StandardCharsets.UTF_8).length;
                if (data > 64) {
                    throw ApiError.bad("BUTTON_DATA_INVALID");
                }
                if (button.size() < 2) {
                    throw ApiError.bad(
                            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
                }
            }
        }
        return rows instanceof ArrayNode list ? list : Json.array();
    }

    private static Text text(Call call, String name, int most) {
        JsonNode entities =
                call.json(name.equals("text") ? "entities" : "caption_entities").orElseGet(Json::array);
        return checked(
                Text.of(call.text(name).orElse(""), call.text("parse_mode").orElse(""), entities), most, name);
    }

    private static Text checked(Text text, int most, String name) {
        if (text.plain().length() > most) {
            throw ApiError.bad(name.equals("text") ? "message is too long" : "message caption is too long");
        }
        return text;
    }

    private static boolean sameList(JsonNode one, JsonNode other) {
        return one.isEmpty() ? other.isEmpty() : one.equals(other);
    }

    private static double degrees(Call call, String name, double most) {
        try {
            double value = Double.parseDouble(call.text(name).orElse("x"));
            if (Math.abs(value) <= most) {
                return value;
            }
        } catch (NumberFormatException notOne) {
            // Answered below like one that is out of range.
        }
        throw ApiError.bad("bad location: invalid " + name);
    }
}
