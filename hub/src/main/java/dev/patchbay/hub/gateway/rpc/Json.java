package dev.patchbay.hub.gateway.rpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the doors read and write JSON. */
public final class Json {
    /** Brackets inside brackets; the outermost counts as 1. */
    public static final int DEPTH_MAX = 64;

    /** Buffers that are kept for reuse: threads are virtual, so nothing may be kept per thread. */
    private static final int KEPT_BUFFERS = 64;

    // Thread-safe after construction and without any state of the hub.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.newBoundedPool(KEPT_BUFFERS))
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxStringLength(RpcLimits.BODY_BYTES)
                    .maxNameLength(1_000)
                    .maxNumberLength(1_000)
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // Without it, every character beyond the first plane is written as two escapes.
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build()
            .setCodec(new ObjectMapper());

    private Json() {}

    static JsonParser parser(byte[] utf8) throws IOException {
        return FACTORY.createParser(utf8);
    }

    /**
     * Reads a client's text, as strictly as requests are read: bounds, no member twice, no half surrogate pair.
     *
     * @throws RpcException if it is no JSON, or passes a bound
     */
    public static JsonNode read(byte[] utf8) throws RpcException {
        return RpcReader.tree(utf8);
    }

    /** The value as UTF-8. Half surrogate pairs, which UTF-8 cannot carry, are written as escapes. */
    public static byte[] bytes(RpcResult value) {
        var bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            value.write(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** Writes a member unless the value is null. */
    public static void optional(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    /** Writes a moment: RFC 3339, UTC, milliseconds. */
    public static void time(JsonGenerator json, String name, @Nullable Instant moment) throws IOException {
        if (moment != null) {
            json.writeStringField(name, moment.truncatedTo(ChronoUnit.MILLIS).toString());
        }
    }

    /** Writes a tree of maps, lists, text, numbers and flags. */
    public static void tree(JsonGenerator json, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Map<?, ?> map -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> each : map.entrySet()) {
                    json.writeFieldName(String.valueOf(each.getKey()));
                    tree(json, each.getValue());
                }
                json.writeEndObject();
            }
            case List<?> list -> {
                json.writeStartArray();
                for (Object each : list) {
                    tree(json, each);
                }
                json.writeEndArray();
            }
            case Boolean flag -> json.writeBoolean(flag);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            default -> json.writeString(value.toString());
        }
    }
}
