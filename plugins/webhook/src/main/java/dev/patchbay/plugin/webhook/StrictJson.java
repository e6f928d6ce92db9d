package dev.patchbay.plugin.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON from strangers: proper UTF-8, no name twice, nothing behind the end, at most 64 levels. One per channel, for any
 * thread.
 */
final class StrictJson {
    private static final int DEPTH_MAX = 64;
    private static final int TEXT_MAX = 10 << 20;
    private static final int NUMBER_DIGITS_MAX = 1_000;

    /** Ten megabytes of empty objects would be half a gigabyte of nodes. */
    private static final int TOKENS_MAX = 200_000;

    private final JsonMapper mapper = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    // Thread-local buffers would tie the hub's threads to this plugin's class loader.
                    .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxStringLength(TEXT_MAX)
                            .maxNameLength(TEXT_MAX)
                            .maxNumberLength(NUMBER_DIGITS_MAX)
                            .maxTokenCount(TOKENS_MAX)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** @throws BadRequest if the bytes are not UTF-8, or hold a NUL, which nothing behind us can store */
    static String text(byte[] body) throws BadRequest {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            if (text.indexOf('\0') >= 0) {
                throw new BadRequest("the body holds a NUL character");
            }
            return text;
        } catch (CharacterCodingException notUtf8) {
            throw new BadRequest("the body is not UTF-8");
        }
    }

    JsonNode read(String text) throws BadRequest {
        try {
            return mapper.readTree(text);
        } catch (StreamConstraintsException | NumberFormatException beyondBounds) {
            // The latter, unchecked, for an exponent of more than ten digits.
            throw new BadRequest("the body is JSON beyond the bounds: at most " + DEPTH_MAX + " levels, " + TOKENS_MAX
                    + " tokens, numbers of " + NUMBER_DIGITS_MAX + " digits, exponents of 10");
        } catch (JsonProcessingException malformed) {
            var place = malformed.getLocation();
            throw new BadRequest("the body is not JSON"
                    + (place == null ? "" : ", line " + place.getLineNr() + ", column " + place.getColumnNr())
                    + (String.valueOf(malformed.getOriginalMessage()).startsWith("Duplicate field")
                            ? ": a name occurs twice"
                            : ""));
        }
    }
}
