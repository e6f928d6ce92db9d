package dev.patchbay.hub.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What a backup says of itself.
 *
 * @param schema the version of the tables
 * @param commitNumber all commits up to this one are in it, no later one
 * @param databaseBytes of the database's file
 * @param sha256 of the database's file, in hexadecimal digits
 * @param rows how many each table has
 * @param attachments files that records name and that were there
 * @param attachmentsMissing files that records name and that were not there, or damaged
 */
public record Manifest(
        Instant createdAt,
        String hubVersion,
        int schema,
        UUID storeId,
        long commitNumber,
        long databaseBytes,
        String sha256,
        Map<String, Long> rows,
        int attachments,
        int attachmentsMissing) {
    private static final int FORMAT = 1;
    private static final JsonMapper JSON = new JsonMapper();

    public Manifest {
        rows = Collections.unmodifiableMap(new LinkedHashMap<>(rows));
    }

    /** All rows together. */
    public long records() {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }

    byte[] write() throws IOException {
        ObjectNode json = JSON.createObjectNode()
                .put("format", FORMAT)
                .put("created_at", createdAt.toString())
                .put("hub_version", hubVersion)
                .put("schema", schema)
                .put("store_id", storeId.toString())
                .put("commit_number", commitNumber)
                .put("database_bytes", databaseBytes)
                .put("sha256", sha256)
                .put("attachments", attachments)
                .put("attachments_missing", attachmentsMissing);
        ObjectNode counts = json.putObject("rows");
        rows.forEach(counts::put);
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    }

    static Manifest read(byte[] bytes) throws IOException {
        JsonNode json = JSON.readTree(bytes);
        if (json.path("format").asInt() != FORMAT) {
            throw new IOException("its manifest is not one that this hub knows");
        }
        var rows = new LinkedHashMap<String, Long>();
        json.path("rows")
                .properties()
                .forEach(each -> rows.put(each.getKey(), each.getValue().asLong()));
        try {
            return new Manifest(
                    Instant.parse(json.path("created_at").asText()),
                    json.path("hub_version").asText(),
                    json.path("schema").asInt(),
                    UUID.fromString(json.path("store_id").asText()),
                    json.path("commit_number").asLong(),
                    json.path("database_bytes").asLong(),
                    json.path("sha256").asText(),
                    rows,
                    json.path("attachments").asInt(),
                    json.path("attachments_missing").asInt());
        } catch (DateTimeException | IllegalArgumentException nonsense) {
            throw new IOException("its manifest is damaged", nonsense);
        }
    }
}
