package dev.patchbay.hub.config;

import java.util.Arrays;
import java.util.regex.Pattern;

/** Knows which keys hold secrets, and shows values without them. */
public final class Secrets {
    /** Stands for a secret wherever one would be shown. */
    public static final String MASK = "***";

    private static final int SHOWN_MAX = 60;

    /** {@code headers} and {@code env} hold whatever a foreign service asks for: all of it counts as secret. */
    private static final Pattern SECRET_NAME = Pattern.compile(
            "(?i)headers|env|(.*[-_])?(token|secrets?|passwords?|passwd|passphrase|credentials?|authorization|cookie)"
                    + "|(.*[-_])?(api|access|private|signing)[-_]?keys?");

    private static final Pattern USER_INFO = Pattern.compile("(//)[^/\\s@]*@");
    private static final Pattern URL_SECRET = Pattern.compile(
            "(?i)([?&;](?:[^=&;?]*[-_])?(?:token|secret|password|passwd|pwd|(?:api[-_]?)?key|signature|sig)=)[^&;#\\s]*");

    private Secrets() {}

    /** True if the value of this key (with dots) must not be shown. */
    public static boolean isSecret(String key) {
        return Arrays.stream(key.split("\\."))
                .anyMatch(name -> SECRET_NAME.matcher(name).matches());
    }

    /** The value as it may be shown: a secret is {@code ***}, an address loses its password. */
    public static String masked(String key, String value) {
        return isSecret(key) && !value.isBlank() ? MASK : maskedAddress(value);
    }

    /** A text that may hold an address, without user-info and without secret parameters. */
    public static String maskedAddress(String text) {
        return URL_SECRET
                .matcher(USER_INFO.matcher(text).replaceAll("$1" + MASK + "@"))
                .replaceAll("$1" + MASK);
    }

    /** For messages: masked, in quotes, on one line, at most 60 characters long. */
    static String quoted(String key, String value) {
        String shown = masked(key, value).replaceAll("\\p{Cntrl}", "?");
        return '"' + (shown.length() > SHOWN_MAX ? shown.substring(0, SHOWN_MAX) + "…" : shown) + '"';
    }
}
