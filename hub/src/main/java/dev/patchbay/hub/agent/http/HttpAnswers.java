package dev.patchbay.hub.agent.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Button;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.attachment.AttachmentDesk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what services answer, in each of the forms they may choose. Members that nobody knows are ignored. Safe for many threads. */
final class HttpAnswers {
    static final String ACCEPT = "application/json, application/x-ndjson, text/event-stream, text/plain";
    private static final String DONE = "[DONE]";
    private static final int ATTACHMENTS_MAX = 100;

    private final JsonMapper json;
    private final AttachmentDesk files;

    /** Tokens of a turn, 0 if the service did not count. */
    record Usage(long inputTokens, long outputTokens) {
        static final Usage UNKNOWN = new Usage(0, 0);
    }

    HttpAnswers(JsonMapper json, AttachmentDesk files) {
        this.json = json;
        this.files = files;
    }

    Reply read(HttpResponse<?> response, InputStream in, StreamedReply streamed)
            throws IOException, NoAnswer, InterruptedException {
        int status = response.statusCode();
        if (status == 204) {
            return Reply.silence();
        }
        if (status < 200 || status > 299) {
            String message = "answered with status " + status;
            // 3xx too: the service has one address, and it is in the configuration.
            throw status >= 500 || status == 408 || status == 429
                    ? NoAnswer.forNow(message)
                    : NoAnswer.forGood(message);
        }
        if (response.headers()
                .firstValue("Content-Encoding")
                .filter(coding -> !coding.equalsIgnoreCase("identity"))
                .isPresent()) {
            throw NoAnswer.forGood("answered in a content coding that was not asked for");
        }
        if (response.headers().firstValueAsLong("Content-Length").orElse(0) > AnswerBody.BYTES_MAX) {
            throw NoAnswer.forGood("answered more than 10 MB");
        }
        ContentType type =
                ContentType.parse(response.headers().firstValue("Content-Type").orElse(""));
        return switch (type.mediaType()) {
            case "application/json" -> whole(new AnswerBody(in, utf8(type)).whole());
            case "application/x-ndjson" -> lines(new AnswerBody(in, utf8(type)), streamed);
            case "text/event-stream" -> events(new AnswerBody(in, utf8(type)), streamed);
            case "text/plain" -> Reply.text(new AnswerBody(in, charset(type)).whole());
            case "" -> throw NoAnswer.forGood("answered without a Content-Type");
            default -> throw NoAnswer.forGood("answered with a Content-Type that is none of " + ACCEPT);
        };
    }

    private Reply whole(String text) throws NoAnswer, InterruptedException {
        JsonNode answer = object(text);
        Usage usage = usage(answer, Usage.UNKNOWN);
        JsonNode said = answer.get("text");
        JsonNode messages = answer.get("messages");
        boolean silent = answer.path("silent").asBoolean(false);
        int forms = (said == null ? 0 : 1) + (messages == null ? 0 : 1) + (silent ? 1 : 0);
        if (forms != 1) {
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

    private Reply lines(AnswerBody body, StreamedReply streamed) throws IOException, NoAnswer {
        Usage usage = Usage.UNKNOWN;
        for (String line = body.line(); line != null; line = body.line()) {
            if (!line.isBlank()) {
                JsonNode piece = object(line);
                usage = piece(piece, streamed, usage);
                if (piece.path("done").asBoolean(false)) {
                    return streamed.end(usage);
                }
            }
        }
        throw NoAnswer.forNow("ended its answer before the line that says done");
    }

    private Reply events(AnswerBody body, StreamedReply streamed) throws IOException, NoAnswer {
        Usage usage = Usage.UNKNOWN;
        var events = new EventStream(body);
        for (String data = events.next(); data != null; data = events.next()) {
            if (data.strip().equals(DONE)) {
                return streamed.end(usage);
            }
            usage = piece(object(data), streamed, usage);
        }
        throw NoAnswer.forNow("ended its answer before data: " + DONE);
    }

    private static Usage piece(JsonNode piece, StreamedReply streamed, Usage before) throws NoAnswer {
        // Half an answer that says so itself.
        if (piece.hasNonNull("error")) {
            throw NoAnswer.forNow("reported an error in its answer");
        }
        JsonNode delta = piece.get("delta");
        if (delta != null) {
            streamed.delta(string(delta, "delta"));
        }
        return usage(piece, before);
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

    private static Usage usage(JsonNode answer, Usage otherwise) {
        JsonNode usage = answer.get("usage");
        return usage == null || !usage.isObject()
                ? otherwise
                : new Usage(
                        Math.max(0, usage.path("input_tokens").asLong(0)),
                        Math.max(0, usage.path("output_tokens").asLong(0)));
    }

    private JsonNode object(String text) throws NoAnswer {
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

    private static Charset charset(ContentType type) throws NoAnswer {
        try {
            return type.charset().isEmpty() ? StandardCharsets.UTF_8 : Charset.forName(type.charset());
        } catch (IllegalArgumentException unknown) {
            throw NoAnswer.forGood("answered in a charset that is not known here");
        }
    }

    private static Charset utf8(ContentType type) throws NoAnswer {
        Charset charset = charset(type);
        if (charset.equals(StandardCharsets.UTF_8) || charset.equals(StandardCharsets.US_ASCII)) {
            return charset;
        }
        throw NoAnswer.forGood("answered " + type.mediaType() + " that is not in UTF-8");
    }
}
