package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.command.screen.HarmlessText;
import dev.patchbay.hub.command.wire.RpcClient;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Parameters from options, and members of results as people read them. */
final class Fields {
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    private Fields() {}

    /** Pairs of name and value; what is null is left out. */
    static ObjectNode params(@Nullable String... namesAndValues) {
        ObjectNode params = RpcClient.params();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String value = namesAndValues[i + 1];
            if (value != null) {
                params.put(namesAndValues[i], value);
            }
        }
        return params;
    }

    /** The member as text; empty if it is missing. */
    static String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isMissingNode() || value.isNull() ? "" : value.asText();
    }

    /** The member as one line of at most so many characters, and a mark if there are more. */
    static String shortened(JsonNode node, String name, int most) {
        String line = HarmlessText.line(text(node, name));
        return line.codePointCount(0, line.length()) <= most
                ? line
                : line.substring(0, line.offsetByCodePoints(0, most)) + "…";
    }

    /** The texts of a list, with commas between them. */
    static String texts(JsonNode node, String name) {
        return StreamSupport.stream(node.path(name).spliterator(), false)
                .map(each -> each.asText())
                .collect(Collectors.joining(", "));
    }

    /** {@code direct:42}. */
    static String peer(JsonNode peer) {
        return peer.isObject() ? text(peer, "kind") + ":" + text(peer, "id") : peer.asText("");
    }

    /** A time of the wire in the zone of who reads it. */
    static String time(JsonNode node, String name) {
        String wire = text(node, name);
        try {
            return wire.isEmpty() ? "" : LOCAL.format(Instant.parse(wire));
        } catch (DateTimeException unknown) {
            return wire;
        }
    }

    /** Milliseconds as {@code 850ms}, {@code 12s}, {@code 7m}, {@code 3h}, {@code 2d}. */
    static String age(long millis) {
        Duration age = Duration.ofMillis(millis);
        if (age.toDays() > 1) {
            return age.toDays() + "d";
        }
        if (age.toHours() > 1) {
            return age.toHours() + "h";
        }
        if (age.toMinutes() > 1) {
            return age.toMinutes() + "m";
        }
        return age.compareTo(Duration.of(1, ChronoUnit.SECONDS)) >= 0 ? age.toSeconds() + "s" : millis + "ms";
    }
}
