package dev.patchbay.hub.routing;

import java.util.HexFormat;

/** One part of a session key: the UTF-8 bytes of colons, percent signs and control characters stand as {@code %XX}. */
final class KeyPart {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    /** The first byte in UTF-8 of U+0080 to U+009F, the only control characters of two bytes; the second is the character. */
    private static final int CONTROL_LEAD = 0xC2;

    private static final int BYTE_LENGTH = "%XX".length();
    private static final String NOT_ENCODED =
            "a percent sign stands for a colon, a percent sign (%25) or a control character";

    private KeyPart() {}

    /**
     * Writes a part.
     *
     * @throws NotRoutable if the text holds half a surrogate pair: stored as UTF-8 all such halves would become the same
     */
    static String encode(String what, String text) {
        int plain = plainPrefix(text);
        if (plain == text.length()) {
            return text;
        }
        var encoded = new StringBuilder(text.length() + 16).append(text, 0, plain);
        for (int i = plain; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isReserved(c)) {
                if (c >= 0x80) {
                    HEX.toHexDigits(encoded.append('%'), (byte) CONTROL_LEAD);
                }
                HEX.toHexDigits(encoded.append('%'), (byte) c);
            } else if (!Character.isSurrogate(c)) {
                encoded.append(c);
            } else if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
                encoded.append(c).append(text.charAt(++i));
            } else {
                throw new NotRoutable(
                        what + " \"" + Shown.text(text) + "\" holds half a surrogate pair, which is no text");
            }
        }
        return encoded.toString();
    }

    /**
     * Reads a part again.
     *
     * @throws IllegalArgumentException if a percent sign stands for anything else than what {@link #encode} writes
     */
    static String decode(String part) {
        if (part.indexOf('%') < 0) {
            return part;
        }
        var decoded = new StringBuilder(part.length());
        for (int i = 0; i < part.length(); i++) {
            if (part.charAt(i) != '%') {
                decoded.append(part.charAt(i));
                continue;
            }
            int unit = unit(part, i);
            i += BYTE_LENGTH - 1;
            if (unit == CONTROL_LEAD) {
                i++;
                unit = unit(part, i);
                i += BYTE_LENGTH - 1;
                if (unit < 0x80 || unit > 0x9F) {
                    throw new IllegalArgumentException(NOT_ENCODED);
                }
            } else if (unit >= 0x80) {
                throw new IllegalArgumentException(NOT_ENCODED);
            }
            decoded.append((char) unit);
        }
        return decoded.toString();
    }

    private static int unit(String part, int i) {
        if (i + BYTE_LENGTH > part.length() || part.charAt(i) != '%') {
            throw new IllegalArgumentException(NOT_ENCODED);
        }
        return HexFormat.fromHexDigits(part, i + 1, i + BYTE_LENGTH);
    }

    private static int plainPrefix(String text) {
        int i = 0;
        while (i < text.length() && !isReserved(text.charAt(i)) && !Character.isSurrogate(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isReserved(char c) {
        return c == ':' || c == '%' || Character.isISOControl(c);
    }
}
