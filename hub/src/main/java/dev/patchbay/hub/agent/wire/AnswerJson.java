package dev.patchbay.hub.agent.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Button;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.attachment.AttachmentDesk;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads answers in JSON, whole or in pieces. Members that nobody knows are ignored. Safe for many threads. */
public final class AnswerJson {
    private static final int JSON_DEPTH_MAX = 64;
    private static final int ATTACHMENTS_MAX = 100;

    private final JsonMapper json;
    private final AttachmentDesk files;

    /** Tokens of a turn, 0 if nobody counted. */
    public record Usage(long inputTokens, long outputTokens) {
        public static final Usage UNKNOWN = new Usage(0, 0);

        /** Both together. */
        public Usage plus(Usage more) {
            return new Usage(sum(inputTokens, more.inputTokens), sum(outputTokens, more.outputTokens));
        }

        /** Strangers may count up to the last number that there is. */
        private static long sum(long one, long other) {
            return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
        }
    }

    /** Reads by a {@link #strict} mapper; files in answers are kept in {@code files}. */
    public AnswerJson(JsonMapper json, AttachmentDesk files) {
        this.json = json;
        this.files = files;
    }

    /** A mapper for what strangers say: bounded in depth, no name twice, nothing behind the end. */
    public static JsonMapper strict() {
        return JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(JSON_DEPTH_MAX)
                                .build())
                        .build())
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    /** A whole answer: exactly one of {@code text}, {@code messages} and {@code silent}. */
    public Reply whole(JsonNode answer) throws NoAnswer, InterruptedException {
        Usage usage = usage(answer, Usage.UNKNOWN);
        JsonNode said = answer.get("text");
        JsonNode messages = answer.get("messages");
        boolean silent = answer.path("silent").asBoolean(false);
        if (forms(answer) != 1) {
            throw NoAnswer.forNow("answered JSON that must have one of text, messages and silent");
        }
        if (silent) {
            return new Reply(List.of(), usage.inputTokens(), usage.outputTokens());
        }
        List<Reply.Message> list = new ArrayList<>();
        if (said != null) {
            list.add(message(answer, ""));
        } else {
            for (JsonNode each : array(messages, "messages")) {
                list.add(message(each, "messages[" + list.size() + "]."));
            }
        }
        return new Reply(list, usage.inputTokens(), usage.outputTokens());
    }

    /** How many of the three forms of a whole answer are there. */
    public static int forms(JsonNode answer) {
        return (answer.has("text") ? 1 : 0)
                + (answer.has("messages") ? 1 : 0)
                + (answer.path("silent").asBoolean(false) ? 1 : 0);
    }

    /** One piece of an answer that comes in pieces. */
    public static void piece(JsonNode piece, StreamedReply streamed) throws NoAnswer {
        // Half an answer that says so itself.
        if (piece.hasNonNull("error")) {
            throw NoAnswer.forNow("reported an error in its answer");
        }
        JsonNode delta = piece.get("delta");
        if (delta != null) {
            streamed.delta(string(delta, "delta"));
        }
        JsonNode progress = piece.get("progress");
        if (progress != null) {
            streamed.progress(percent(progress), optional(piece.get("note")));
        }
    }

    private static int percent(JsonNode progress) throws NoAnswer {
        if (!progress.isNumber()) {
            throw NoAnswer.forNow("answered JSON whose progress is no number");
        }
        return (int) Math.clamp(progress.asDouble(), 0.0, 100.0);
    }

    /** @param place where it stands in the answer, with a point behind it, or empty */
    private Reply.Message message(JsonNode message, String place) throws NoAnswer, InterruptedException {
        if (!message.isObject()) {
            throw NoAnswer.forNow("answered messages that are no objects");
        }
        var attachments = new ArrayList<Attachment>();
        for (JsonNode each : list(message, "attachments", place, ATTACHMENTS_MAX)) {
            attachments.add(attachment(each, place + "attachments[" + attachments.size() + "]"));
        }
        var buttons = new ArrayList<Button>();
        for (JsonNode each : list(message, "buttons", place, Button.MAX)) {
            buttons.add(button(each, place + "buttons[" + buttons.size() + "]"));
        }
        boolean onlyFiles = !message.has("text") && !attachments.isEmpty();
        return new Reply.Message(onlyFiles ? "" : string(message.path("text"), place + "text"), attachments, buttons);
    }

    private Attachment attachment(JsonNode given, String place) throws NoAnswer, InterruptedException {
        String mediaType = optional(given.get("media_type"));
        String name = optional(given.get("name"));
        if (!given.has("data")) {
            return files.inward(new Attachment(string(given.path("url"), place + ".url"), mediaType, name));
        }
        if (given.has("url")) {
            throw NoAnswer.forNow("answered JSON whose " + place + " has both url and data");
        }
        try {
            byte[] content = Base64.getDecoder().decode(string(given.path("data"), place + ".data"));
            return files.keep(new ByteArrayInputStream(content), mediaType, name);
        } catch (IllegalArgumentException garbage) {
            throw NoAnswer.forNow("answered JSON whose " + place + ".data is no Base64");
        } catch (NotAccepted refused) {
            String why = "answered a file, " + place + ", that is not stored: " + refused.getMessage();
            throw refused.reason() == NotAccepted.Reason.TOO_LARGE ? NoAnswer.forGood(why) : NoAnswer.forNow(why);
        }
    }

    private static Button button(JsonNode given, String place) throws NoAnswer {
        try {
            return new Button(string(given.path("text"), place + ".text"), string(given.path("data"), place + ".data"));
        } catch (IllegalArgumentException outOfBounds) {
            throw NoAnswer.forGood("answered JSON whose " + place + " cannot be used: " + outOfBounds.getMessage());
        }
    }

    private static Iterable<JsonNode> list(JsonNode message, String name, String place, int max) throws NoAnswer {
        JsonNode list = message.get(name);
        if (list == null || list.isNull()) {
            return List.of();
        }
        if (list.size() > max) {
            throw NoAnswer.forGood("answered JSON whose " + place + name + " are more than " + max);
        }
        return array(list, place + name);
    }

    /** What an answer, or a piece of one, says of the usage, else what was known before; also if it says that there is no answer. */
    public static Usage usage(JsonNode answer, Usage otherwise) {
        JsonNode usage = answer.get("usage");
        return usage == null || !usage.isObject()
                ? otherwise
                : new Usage(
                        Math.max(0, usage.path("input_tokens").asLong(0)),
                        Math.max(0, usage.path("output_tokens").asLong(0)));
    }

    /** The object that a text is, strictly read. */
    public JsonNode object(String text) throws NoAnswer {
        try {
            JsonNode node = json.readTree(text);
            if (node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException garbage) {
            throw NoAnswer.forNow("answered what is no JSON");
        }
        throw NoAnswer.forNow("answered JSON that is no object");
    }

    private static Iterable<JsonNode> array(JsonNode node, String name) throws NoAnswer {
        if (!node.isArray()) {
            throw NoAnswer.forNow("answered JSON whose " + name + " is no list");
        }
        return node;
    }

    private static String string(JsonNode node, String name) throws NoAnswer {
        if (!node.isTextual()) {
            throw NoAnswer.forNow("answered JSON whose " + name + " is no text");
        }
        return node.textValue();
    }

    private static @Nullable String optional(@Nullable JsonNode node) {
        return node == null || !node.isTextual() ? null : node.textValue();
    }
}
