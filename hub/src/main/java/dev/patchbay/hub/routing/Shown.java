package dev.patchbay.hub.routing;

/** Foreign text inside a message: short, on one line. */
final class Shown {
    private static final int LENGTH_MAX = 60;

    private Shown() {}

    static String text(String foreign) {
        var shown = new StringBuilder();
        for (int i = 0; i < Math.min(foreign.length(), LENGTH_MAX); i++) {
            char c = foreign.charAt(i);
            shown.append(isShowable(foreign, i) ? c : '\uFFFD');
        }
        return foreign.length() > LENGTH_MAX ? shown + "…" : shown.toString();
    }

    private static boolean isShowable(String text, int i) {
        char c = text.charAt(i);
        int end = Math.min(text.length(), LENGTH_MAX);
        if (Character.isHighSurrogate(c)) {
            return i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
        }
        return !Character.isISOControl(c);
    }
}
