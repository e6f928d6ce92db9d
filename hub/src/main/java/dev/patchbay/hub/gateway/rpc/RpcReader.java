package dev.patchbay.hub.gateway.rpc;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.END_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one text of a client, strictly: the grammar of RFC 8259 in UTF-8, no member twice, no number beyond a double, no half
 * surrogate pair, bounds on depth, length and number of values. For one text.
 */
final class RpcReader {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String NO_ID = "null";

    private final JsonParser json;
    private int values;

    private RpcReader(JsonParser json) {
        this.json = json;
    }

    /**
     * Reads a whole text.
     *
     * @throws RpcException if nothing of it can be used; the answer's id is null
     */
    static RpcDocument read(byte[] body) throws RpcException {
        return read(body, RpcReader::document);
    }

    /** Reads a text that is one value of any kind, as strictly. */
    static JsonNode tree(byte[] body) throws RpcException {
        return read(body, reader -> reader.only(reader.value(reader.first())));
    }

    /** What a text is taken for. */
    private interface Reading<T> {
        T of(RpcReader reader) throws IOException, RpcException;
    }

    private static <T> T read(byte[] body, Reading<T> reading) throws RpcException {
        // A NUL at the start would make the parser take the text for UTF-16 or UTF-32.
        if ((body.length >= 2 && (body[0] == 0 || body[1] == 0)) || !Utf8.isValid(body)) {
            throw RpcException.of(ErrorCode.PARSE_ERROR, "the text is not UTF-8");
        }
        try (JsonParser json = Json.parser(body)) {
            return reading.of(new RpcReader(json));
        } catch (JsonProcessingException malformed) {
            throw RpcException.of(ErrorCode.PARSE_ERROR, reason(malformed));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private RpcDocument document() throws IOException, RpcException {
        JsonToken first = first();
        return only(first == START_ARRAY ? batch() : new RpcDocument.Single(item(first)));
    }

    private JsonToken first() throws IOException, RpcException {
        JsonToken first = json.nextToken();
        if (first == null) {
            throw RpcException.of(ErrorCode.PARSE_ERROR, "the text is empty");
        }
        return first;
    }

    private <T> T only(T all) throws IOException, RpcException {
        if (json.nextToken() != null) {
            throw RpcException.of(ErrorCode.PARSE_ERROR, "something follows the end of the request");
        }
        return all;
    }

    private RpcDocument batch() throws IOException, RpcException {
        var items = new ArrayList<RpcDocument.Item>();
        for (JsonToken token = json.nextToken(); token != END_ARRAY; token = json.nextToken()) {
            if (items.size() == RpcLimits.BATCH) {
                throw RpcException.of(
                        ErrorCode.INVALID_REQUEST, "a batch holds at most " + RpcLimits.BATCH + " requests");
            }
            items.add(item(token));
        }
        if (items.isEmpty()) {
            throw RpcException.of(ErrorCode.INVALID_REQUEST, "the batch is empty");
        }
        return new RpcDocument.Batch(items);
    }

    private RpcDocument.Item item(JsonToken token) throws IOException, RpcException {
        if (token != START_OBJECT) {
            value(token);
            return invalid(NO_ID, "a request is an object");
        }
        JsonNode version = null;
        JsonNode method = null;
        JsonNode params = null;
        JsonNode id = null;
        String idText = null;
        Set<String> others = null;
        for (JsonToken name = json.nextToken(); name != END_OBJECT; name = json.nextToken()) {
            String member = json.currentName();
            JsonToken start = json.nextToken();
            JsonNode before;
            if (member.equals("id")) {
                before = id;
                // The digits themselves: no number type brings back all of them.
                idText = start.isNumeric() ? json.getText() : null;
                id = value(start);
            } else {
                JsonNode value = value(start);
                switch (member) {
                    case "jsonrpc" -> {
                        before = version;
                        version = value;
                    }
                    case "method" -> {
                        before = method;
                        method = value;
                    }
                    case "params" -> {
                        before = params;
                        params = value;
                    }
                    default -> {
                        others = others == null ? new HashSet<>() : others;
                        before = others.add(member) ? null : value;
                    }
                }
            }
            if (before != null) {
                throw twice(member);
            }
        }
        return request(version, method, params, id, idText);
    }

    private static RpcDocument.Item request(
            @Nullable JsonNode version,
            @Nullable JsonNode method,
            @Nullable JsonNode params,
            @Nullable JsonNode id,
            @Nullable String digits) {
        if (id != null && (id.isContainerNode() || id.isBoolean())) {
            return invalid(NO_ID, "the id is neither text nor number nor null");
        }
        if (id != null && id.isTextual() && id.textValue().length() > RpcLimits.ID_CHARS) {
            return invalid(NO_ID, "the id is longer than " + RpcLimits.ID_CHARS + " characters");
        }
        String idText = id == null ? null : digits != null ? digits : id.toString();
        String answerId = idText == null ? NO_ID : idText;
        if (version == null || !version.isTextual() || !version.textValue().equals("2.0")) {
            return invalid(answerId, "jsonrpc is not \"2.0\"");
        }
        if (method == null || !method.isTextual()) {
            return invalid(answerId, "method is no text");
        }
        if (params != null && !params.isContainerNode()) {
            return invalid(answerId, "params is neither an object nor an array");
        }
        return new RpcDocument.Request(method.textValue(), params, idText);
    }

    private JsonNode value(JsonToken token) throws IOException, RpcException {
        if (++values > RpcLimits.VALUES) {
            throw RpcException.of(ErrorCode.TOO_LARGE, "more than " + RpcLimits.VALUES + " values in one text");
        }
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> NODES.textNode(whole(json.getText()));
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(finite(json.getDoubleValue()));
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw RpcException.of(ErrorCode.PARSE_ERROR, "the text ends in the middle");
        };
    }

    private ObjectNode object() throws IOException, RpcException {
        ObjectNode object = NODES.objectNode();
        for (JsonToken name = json.nextToken(); name != END_OBJECT; name = json.nextToken()) {
            String member = json.currentName();
            if (object.replace(member, value(json.nextToken())) != null) {
                throw twice(member);
            }
        }
        return object;
    }

    private ArrayNode array() throws IOException, RpcException {
        ArrayNode array = NODES.arrayNode();
        for (JsonToken token = json.nextToken(); token != END_ARRAY; token = json.nextToken()) {
            array.add(value(token));
        }
        return array;
    }

    private JsonNode integer() throws IOException {
        return switch (json.getNumberType()) {
            case INT -> NODES.numberNode(json.getIntValue());
            case LONG -> NODES.numberNode(json.getLongValue());
            default -> NODES.numberNode((BigInteger) json.getNumberValue());
        };
    }

    private static double finite(double number) throws RpcException {
        if (!Double.isFinite(number)) {
            throw RpcException.of(ErrorCode.PARSE_ERROR, "a number is out of range");
        }
        return number;
    }

    private static String whole(String text) throws RpcException {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (Character.isSurrogate(unit)) {
                boolean pair = Character.isHighSurrogate(unit)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw RpcException.of(ErrorCode.PARSE_ERROR, "a text holds half of a surrogate pair");
                }
                i++;
            }
        }
        return text;
    }

    private static RpcException twice(String member) {
        return RpcException.of(ErrorCode.PARSE_ERROR, "member \"" + shortened(member) + "\" occurs twice");
    }

    private static RpcDocument.Invalid invalid(String id, String reason) {
        return new RpcDocument.Invalid(id, RpcException.of(ErrorCode.INVALID_REQUEST, reason));
    }

    /** Foreign text as it may stand in an error. */
    static String shortened(String text) {
        return text.length() <= 64 ? text : text.substring(0, 61) + "...";
    }

    private static String reason(JsonProcessingException malformed) {
        var place = malformed.getLocation();
        String what = malformed instanceof com.fasterxml.jackson.core.exc.StreamConstraintsException
                ? "a bound was passed: at most " + Json.DEPTH_MAX + " brackets deep, names of 1000 characters"
                : "no JSON";
        return place == null ? what : what + " at line " + place.getLineNr() + ", column " + place.getColumnNr();
    }
}
