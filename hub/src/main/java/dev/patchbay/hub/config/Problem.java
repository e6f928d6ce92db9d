package dev.patchbay.hub.config;

import java.util.Comparator;
import java.util.Objects;

/**
 * One thing wrong with the configuration. No component ever holds a secret.
 *
 * @param place where it was written: {@code FILE:LINE}, {@code FILE}, {@code --set} or the name of an environment variable
 * @param key the key with dots, for instance {@code server.port}; empty if the file as a whole is meant
 * @param message what is wrong, with the value
 * @param cure what to do about it
 */
public record Problem(String place, String key, String message, String cure, Severity severity) {

    /** How bad it is. */
    public enum Severity {
        /** The hub does not start. */
        ERROR,
        /** The hub starts; {@code check --strict} fails. */
        WARNING
    }

    /** In the order of the file, then what came from elsewhere. */
    static final Comparator<Problem> IN_ORDER = Comparator.comparingInt(Problem::line);

    public Problem {
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(cure, "cure");
        Objects.requireNonNull(severity, "severity");
    }

    public static Problem error(String place, String key, String message, String cure) {
        return new Problem(place, key, message, cure, Severity.ERROR);
    }

    public static Problem warning(String place, String key, String message, String cure) {
        return new Problem(place, key, message, cure, Severity.WARNING);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** The line that is printed: {@code FILE:LINE: KEY: what is wrong; cure}. */
    @Override
    public String toString() {
        return place + ": " + (key.isEmpty() ? "" : key + ": ") + message + "; " + cure;
    }

    private int line() {
        int colon = place.lastIndexOf(':');
        String digits = place.substring(colon + 1);
        return colon > 0 && digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : Integer.MAX_VALUE;
    }
}
