package dev.patchbay.hub.routing;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** One part of a session key: the UTF-8 bytes of colons, percent signs and control characters stand as {@code %XX}. */
final class KeyPart {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

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
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    HEX.toHexDigits(encoded.append('%'), b);
                }
            } else if (!Character.isSurrogate(c)) {
                encoded.append(c);
            } else if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
                encoded.append(c).append(text.charAt(++i));
            } else {
                throw new NotRoutable(what + " \"" + Shown.text(text) + "\" holds half a surrogate pair, which is no text");
            }
        }
        return encoded.toString();
    }

    /**
     * Reads a part again.
     *
     * @throws IllegalArgumentException if a percent sign is not followed by two hex digits or the bytes are not UTF-8
     */
    static String decode(String part) {
        if (part.indexOf('%') < 0) {
            return part;
        }
        var decoded = new StringBuilder(part.length());
        for (int i = 0; i < part.length(); ) {
            if (part.charAt(i) != '%') {
                decoded.append(part.charAt(i++));
                continue;
            }
            var bytes = ByteBuffer.allocate((part.length() - i) / 3 + 1);
            for (; i < part.length() && part.charAt(i) == '%'; i += 3) {
                if (i + 3 > part.length()) {
                    throw new IllegalArgumentException("a percent sign needs two hex digits; a percent sign itself is %25");
                }
                bytes.put((byte) HexFormat.fromHexDigits(part, i + 1, i + 3));
            }
            try {
                decoded.append(StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()));
            } catch (CharacterCodingException e) {
                throw new IllegalArgumentException("percent signs must stand for UTF-8", e);
            }
        }
        return decoded.toString();
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
