package dev.patchbay.hub.agent.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what services answer, in each of the forms they may choose. Members that nobody knows are ignored. Safe for many threads. */
final class HttpAnswers {
    static final String ACCEPT = "application/json, application/x-ndjson, text/event-stream, text/plain";
    private static final String DONE = "[DONE]";

    private final JsonMapper json;

    /** Tokens of a turn, 0 if the service did not count. */
    record Usage(long inputTokens, long outputTokens) {
        static final Usage UNKNOWN = new Usage(0, 0);
    }

    HttpAnswers(JsonMapper json) {
        this.json = json;
    }

    Reply read(HttpResponse<?> response, InputStream in, StreamedReply streamed) throws IOException, NoAnswer {
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

    private Reply whole(String text) throws NoAnswer {
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
            list.add(new Reply.Message(string(said, "text"), List.of()));
        } else {
            for (JsonNode each : array(messages, "messages")) {
                list.add(message(each));
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

    private static Reply.Message message(JsonNode message) throws NoAnswer {
        if (!message.isObject()) {
            throw NoAnswer.forNow("answered messages that are no objects");
        }
        var attachments = new ArrayList<Attachment>();
        for (JsonNode each :
                message.has("attachments") ? array(message.get("attachments"), "attachments") : List.<JsonNode>of()) {
            attachments.add(new Attachment(
                    string(each.path("url"), "url"), optional(each.get("media_type")), optional(each.get("name"))));
        }
        boolean onlyFiles = !message.has("text") && !attachments.isEmpty();
        return new Reply.Message(onlyFiles ? "" : string(message.path("text"), "text"), attachments);
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
