package dev.patchbay.hub.gateway.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One completion on the wire: whole, or in pieces. Immutable. */
public record Completion(String id, String model, Instant created, boolean includeUsage) {

    /**
     * How it came out.
     *
     * @param read tokens, 0 if nobody counted
     * @param written tokens, 0 if nobody counted
     */
    public record Result(String text, long read, long written) {}

    byte[] whole(Result result) {
        return object("chat.completion", json -> {
            choice(json, "message", "stop", () -> {
                json.writeStringField("role", "assistant");
                json.writeStringField("content", result.text());
                json.writeNullField("refusal");
            });
            usage(json, result);
        });
    }

    /** The first piece: who speaks. */
    byte[] begin() {
        return chunk(json -> choice(json, "delta", null, () -> {
            json.writeStringField("role", "assistant");
            json.writeStringField("content", "");
            json.writeNullField("refusal");
        }));
    }

    byte[] piece(String text) {
        return chunk(json -> choice(json, "delta", null, () -> json.writeStringField("content", text)));
    }

    /** The last piece but for usage. */
    byte[] end() {
        return chunk(json -> choice(json, "delta", "stop", () -> {}));
    }

    /** The very last piece, if it was asked for. */
    byte[] usage(Result result) {
        return object("chat.completion.chunk", json -> {
            json.writeArrayFieldStart("choices");
            json.writeEndArray();
            usage(json, result);
        });
    }

    private byte[] chunk(RpcResult members) {
        return object("chat.completion.chunk", json -> {
            members.write(json);
            if (includeUsage) {
                json.writeNullField("usage");
            }
        });
    }

    private byte[] object(String kind, RpcResult members) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeStringField("object", kind);
            json.writeNumberField("created", created.getEpochSecond());
            json.writeStringField("model", model);
            members.write(json);
            json.writeEndObject();
        });
    }

    private interface Part {
        void write() throws IOException;
    }

    private static void choice(JsonGenerator json, String what, @Nullable String finish, Part content)
            throws IOException {
        json.writeArrayFieldStart("choices");
        json.writeStartObject();
        json.writeNumberField("index", 0);
        json.writeObjectFieldStart(what);
        content.write();
        json.writeEndObject();
        json.writeNullField("logprobs");
        json.writeStringField("finish_reason", finish);
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void usage(JsonGenerator json, Result result) throws IOException {
        json.writeObjectFieldStart("usage");
        json.writeNumberField("prompt_tokens", result.read());
        json.writeNumberField("completion_tokens", result.written());
        json.writeNumberField("total_tokens", result.read() + result.written());
        json.writeEndObject();
    }
}
