package dev.patchbay.hub.config;

/**
 * An environment variable that the configuration asks for.
 *
 * @param key the key whose value it fills
 * @param place where it is asked for
 * @param isRequired it has no default there
 * @param isSet it exists and is not empty
 */
public record Variable(String name, String key, String place, boolean isRequired, boolean isSet) {}
