package dev.patchbay.hub.agent.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.agent.wire.AnswerJson;
import dev.patchbay.hub.agent.wire.AnswerJson.Usage;
import dev.patchbay.hub.agent.wire.NoAnswer;
import dev.patchbay.hub.agent.wire.StreamedReply;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Reads what services answer, in each of the forms they may choose. Members that nobody knows are ignored. Safe for many threads. */
final class HttpAnswers {
    static final String ACCEPT = "application/json, application/x-ndjson, text/event-stream, text/plain";
    private static final String DONE = "[DONE]";

    private final AnswerJson json;

    HttpAnswers(AnswerJson json) {
        this.json = json;
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
            case "application/json" -> whole(json.object(new AnswerBody(in, utf8(type)).whole()));
            case "application/x-ndjson" -> lines(new AnswerBody(in, utf8(type)), streamed);
            case "text/event-stream" -> events(new AnswerBody(in, utf8(type)), streamed);
            case "text/plain" -> Reply.text(new AnswerBody(in, charset(type)).whole());
            case "" -> throw NoAnswer.forGood("answered without a Content-Type");
            default -> throw NoAnswer.forGood("answered with a Content-Type that is none of " + ACCEPT);
        };
    }

    private Reply whole(JsonNode answer) throws NoAnswer, InterruptedException {
        try {
            return json.whole(answer);
        } catch (NoAnswer none) {
            throw none.after(AnswerJson.usage(answer, Usage.UNKNOWN));
        }
    }

    private Reply lines(AnswerBody body, StreamedReply streamed) throws IOException, NoAnswer {
        Usage usage = Usage.UNKNOWN;
        try {
            for (String line = body.line(); line != null; line = body.line()) {
                if (!line.isBlank()) {
                    JsonNode piece = json.object(line);
                    usage = AnswerJson.usage(piece, usage);
                    AnswerJson.piece(piece, streamed);
                    if (piece.path("done").asBoolean(false)) {
                        return streamed.end(usage);
                    }
                }
            }
            throw NoAnswer.forNow("ended its answer before the line that says done");
        } catch (NoAnswer none) {
            throw none.after(usage);
        }
    }

    private Reply events(AnswerBody body, StreamedReply streamed) throws IOException, NoAnswer {
        Usage usage = Usage.UNKNOWN;
        var events = new EventStream(body);
        try {
            for (String data = events.next(); data != null; data = events.next()) {
                if (data.strip().equals(DONE)) {
                    return streamed.end(usage);
                }
                JsonNode piece = json.object(data);
                usage = AnswerJson.usage(piece, usage);
                AnswerJson.piece(piece, streamed);
            }
            throw NoAnswer.forNow("ended its answer before data: " + DONE);
        } catch (NoAnswer none) {
            throw none.after(usage);
        }
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
