package dev.patchbay.hub.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Conformance vectors, and the list of cases in which Patchbay means to answer differently. */
final class Vectors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Vectors() {}

    static JsonNode read(String name) {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + name)) {
            return JSON.readTree(Objects.requireNonNull(in, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Object tree(JsonNode node) {
        return JSON.convertValue(node, Object.class);
    }

    /** Cases that are listed as different, and whether each turned out so. */
    static final class Differences {
        private final Map<String, String> reasonById = new LinkedHashMap<>();
        private final Set<String> seen = new HashSet<>();

        Differences(String name) {
            read(name).forEach(entry -> {
                String reason = entry.path("reason").asText();
                assertThat(reason).as("reason for %s", entry).isNotBlank();
                assertThat(reasonById.put(entry.path("id").asText(), reason))
                        .as("second entry for %s", entry)
                        .isNull();
            });
        }

        /** Holds if the answer differs exactly when the list says so. */
        void check(String id, String ours, String theirs) {
            seen.add(id);
            boolean listed = reasonById.containsKey(id);
            if (ours.equals(theirs)) {
                assertThat(listed)
                        .as("%s is listed as a difference and is none: %s", id, ours)
                        .isFalse();
            } else {
                assertThat(listed)
                        .as("%s is a difference that is not listed: %s, theirs %s", id, ours, theirs)
                        .isTrue();
            }
        }

        void checkNoneLeft() {
            assertThat(reasonById.keySet())
                    .as("listed differences without a case")
                    .isSubsetOf(seen);
        }
    }
}
