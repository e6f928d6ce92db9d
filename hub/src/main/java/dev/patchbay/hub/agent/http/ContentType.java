package dev.patchbay.hub.agent.http;

import java.util.Locale;

/**
 * The value of a Content-Type header.
 *
 * @param mediaType type and subtype in lower case, empty if there are none
 * @param charset as it was written, empty if none was
 */
record ContentType(String mediaType, String charset) {

    static ContentType parse(String header) {
        String[] parts = header.split(";", -1);
        String charset = "";
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0 && parts[i].substring(0, equals).strip().equalsIgnoreCase("charset")) {
                charset = unquoted(parts[i].substring(equals + 1).strip());
                break;
            }
        }
        return new ContentType(parts[0].strip().toLowerCase(Locale.ROOT), charset);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
