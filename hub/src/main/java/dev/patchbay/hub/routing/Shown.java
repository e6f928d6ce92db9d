package dev.patchbay.hub.routing;

/** Foreign text inside a message: short, on one line. */
final class Shown {
    private static final int LENGTH_MAX = 60;

    private Shown() {}

    static String text(String foreign) {
        var shown = new StringBuilder();
        for (int i = 0; i < Math.min(foreign.length(), LENGTH_MAX); i++) {
            char c = foreign.charAt(i);
            shown.append(Character.isISOControl(c) || Character.isSurrogate(c) && !isPaired(foreign, i) ? '\uFFFD' : c);
        }
        return foreign.length() > LENGTH_MAX ? shown + "…" : shown.toString();
    }

    private static boolean isPaired(String text, int i) {
        int end = Math.min(text.length(), LENGTH_MAX);
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}
