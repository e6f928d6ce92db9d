package dev.patchbay.fakes.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that nobody changes. Two bodies with the same bytes are equal. */
public final class Body {
    public static final Body EMPTY = new Body(new byte[0]);

    private final byte[] bytes;

    private Body(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Body of(byte[] bytes) {
        return new Body(bytes.clone());
    }

    public static Body of(String text) {
        return new Body(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes from one index up to, not including, another. */
    Body slice(int from, int to) {
        return new Body(Arrays.copyOfRange(bytes, from, to));
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public int length() {
        return bytes.length;
    }

    /** The bytes read as UTF-8. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The bytes themselves, for reading within this package only. */
    byte[] shared() {
        return bytes;
    }

    static Body owning(byte[] bytes) {
        return new Body(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Body body && Arrays.equals(bytes, body.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
