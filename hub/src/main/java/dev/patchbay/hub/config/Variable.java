package dev.patchbay.hub.config;

/**
 * An environment variable that the configuration asks for.
 *
 * @param key the key whose value it fills
 * @param place where it is asked for
 * @param isSet it exists and is not empty
 */
public record Variable(String name, String key, String place, Need need, boolean isSet) {

    /** What becomes of the key without it. */
    public enum Need {
        /** It has no default: an error. */
        REQUIRED,
        /** Its default is nothing, as in <code>${TELEGRAM_BOT_TOKEN:}</code>: what needs the key stays switched off. */
        RECOMMENDED,
        /** Its default does. */
        OPTIONAL
    }

    /** True if the configuration has an error without it. */
    public boolean isRequired() {
        return need == Need.REQUIRED;
    }
}
