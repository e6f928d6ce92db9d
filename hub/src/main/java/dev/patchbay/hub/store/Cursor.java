package dev.patchbay.hub.store;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/** A place in a list as clients get it: opaque, checked when it comes back. */
final class Cursor {
    private static final int BYTES = 1 + Long.BYTES + Integer.BYTES;

    private Cursor() {}

    /** Which list it belongs to. */
    enum Of {
        DELIVERIES('d'),
        SESSIONS('s'),
        ARCHIVES('a'),
        HISTORY('h'),
        TASKS('t');

        private final byte letter;

        Of(char letter) {
            this.letter = (byte) letter;
        }
    }

    static String write(Of list, long place) {
        var bytes = ByteBuffer.allocate(BYTES).put(list.letter).putLong(place);
        bytes.putInt(check(bytes.array()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /**
     * The place to go on below; the largest number there is without a cursor.
     *
     * @throws StoreException of kind BAD_CURSOR
     */
    static long below(Of list, Optional<String> cursor) {
        return cursor.isEmpty() ? Long.MAX_VALUE : read(list, cursor.get());
    }

    private static long read(Of list, String cursor) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException noBase64) {
            throw bad();
        }
        if (bytes.length != BYTES || bytes[0] != list.letter) {
            throw bad();
        }
        var buffer = ByteBuffer.wrap(bytes);
        if (buffer.getInt(1 + Long.BYTES) != check(bytes)) {
            throw bad();
        }
        return buffer.getLong(1);
    }

    private static int check(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes, 0, 1 + Long.BYTES);
        return (int) crc.getValue();
    }

    private static StoreException bad() {
        return new StoreException(
                StoreException.Kind.BAD_CURSOR, "the cursor is not one that this list has given out; start without it");
    }
}
