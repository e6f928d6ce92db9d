package dev.patchbay.hub.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A body with the checksum over it and the names of its row, so that it fits no other row. Made in the caller's thread; the writer
 * only has to store it.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Body(byte[] bytes, int checksum) {

    /** Longer bodies go into big_bodies. */
    static final int INLINE_MAX = 16_384;

    private static final int PART_MAX = 1_000_000;
    private static final byte[] NOTHING = {};
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, String>> FIELDS = new TypeReference<>() {};

    /** Whose body it is, where it lies in big_bodies. */
    enum Kind {
        INBOX("inbox", "place", "message_id"),
        LINE("lines", "seq", "line_id"),
        DELIVERY("deliveries", "place", "delivery_id"),
        EVENT("events", "seq", "type"),
        BINDINGS("binding_tables", "place", "set_by"),
        NOTE("notes", "place", "name"),
        TASK("tasks", "place", "task_id"),
        ASIDE("set_aside", "place", "id");

        final String table;
        final String key;
        final String name;

        Kind(String table, String key, String name) {
            this.table = table;
            this.key = key;
            this.name = name;
        }

        String letter() {
            return switch (this) {
                case BINDINGS -> "T";
                case TASK -> "W";
                default -> name().substring(0, 1);
            };
        }
    }

    static Body of(byte[] bytes, @Nullable String... names) {
        return new Body(bytes, checksum(bytes, names));
    }

    static int checksum(byte[] bytes, @Nullable String... names) {
        var crc = new CRC32C();
        for (String name : names) {
            if (name != null) {
                crc.update(name.getBytes(StandardCharsets.UTF_8));
            }
            // Neither byte occurs in UTF-8: "ab","c" is not "a","bc", and no name is not an empty one.
            crc.update(name == null ? 0xFE : 0xFF);
        }
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** What goes into the row's own column. */
    byte[] inline() {
        return bytes.length <= INLINE_MAX ? bytes : NOTHING;
    }

    /** Stores what does not fit into the row. */
    void spill(Sql sql, Kind kind, long place) throws SQLException {
        if (bytes.length <= INLINE_MAX) {
            return;
        }
        for (int part = 0; part * PART_MAX < bytes.length; part++) {
            byte[] piece = Arrays.copyOfRange(bytes, part * PART_MAX, Math.min(bytes.length, (part + 1) * PART_MAX));
            sql.update("INSERT INTO big_bodies VALUES (?, ?, ?, ?)", kind.letter(), place, part, piece);
        }
    }

    /** The whole body of a row; shorter or longer than it should be if something is damaged. */
    static byte[] whole(Sql sql, Kind kind, long place, byte[] inline, int length) throws SQLException {
        if (length <= INLINE_MAX) {
            return inline;
        }
        List<byte[]> pieces = sql.list(
                row -> row.getBytes(1),
                "SELECT bytes FROM big_bodies WHERE kind = ? AND place = ? ORDER BY part",
                kind.letter(),
                place);
        var whole = ByteBuffer.allocate(
                pieces.stream().mapToInt(piece -> piece.length).sum());
        pieces.forEach(whole::put);
        return whole.array();
    }

    /** Removes what {@link #spill} stored. */
    static void forget(Sql sql, Kind kind, long place, int length) throws SQLException {
        if (length > INLINE_MAX) {
            sql.update("DELETE FROM big_bodies WHERE kind = ? AND place = ?", kind.letter(), place);
        }
    }

    // ---- what is in it

    static byte[] ofFields(Map<String, String> fields) {
        try {
            return JSON.writeValueAsBytes(fields);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static Map<String, String> fields(byte[] bytes) {
        return fields(bytes, 0, bytes.length);
    }

    /** A line's metadata and content under one checksum. */
    static byte[] ofLine(NewLine line) {
        byte[] metadata = line.metadata().isEmpty() ? NOTHING : ofFields(line.metadata());
        byte[] content = line.content().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Integer.BYTES + metadata.length + content.length)
                .putInt(metadata.length)
                .put(metadata)
                .put(content)
                .array();
    }

    static Map<String, String> lineMetadata(byte[] bytes) {
        int length = ByteBuffer.wrap(bytes).getInt();
        return length == 0 ? Map.of() : fields(bytes, Integer.BYTES, length);
    }

    static String lineContent(byte[] bytes) {
        int from = Integer.BYTES + ByteBuffer.wrap(bytes).getInt();
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    }

    private static Map<String, String> fields(byte[] bytes, int from, int length) {
        try {
            return Map.copyOf(JSON.readValue(bytes, from, length, FIELDS));
        } catch (IOException impossible) {
            // The checksum has been verified: we wrote this.
            throw new UncheckedIOException(impossible);
        }
    }
}
