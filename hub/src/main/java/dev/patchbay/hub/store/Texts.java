package dev.patchbay.hub.store;

import org.jspecify.annotations.Nullable;

/** Foreign texts in columns of a bounded width. */
final class Texts {
    private Texts() {}

    static String cut(String text, int lengthMax) {
        if (text.length() <= lengthMax) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(lengthMax - 1)) ? lengthMax - 1 : lengthMax;
        return text.substring(0, end);
    }

    static @Nullable String cutOrNull(@Nullable String text, int lengthMax) {
        return text == null ? null : cut(text, lengthMax);
    }
}
