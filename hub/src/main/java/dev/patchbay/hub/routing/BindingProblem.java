package dev.patchbay.hub.routing;

import java.util.Objects;

/**
 * One thing wrong with the bindings.
 *
 * @param index the binding it is about, from 0
 * @param place where that stands: {@code hub.yaml:14}
 * @param key for instance {@code bindings[3].match.peer.kind}
 * @param message what is wrong, with the value
 * @param cure what to do about it
 */
public record BindingProblem(int index, String place, String key, String message, String cure, Severity severity) {

    /** How bad it is. */
    public enum Severity {
        /** The binding cannot be used. */
        ERROR,
        /** The binding does nothing. */
        WARNING
    }

    public BindingProblem {
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(cure, "cure");
        Objects.requireNonNull(severity, "severity");
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** One line: place, key, what is wrong, cure. */
    @Override
    public String toString() {
        return place + ": " + key + ": " + message + "; " + cure;
    }
}
