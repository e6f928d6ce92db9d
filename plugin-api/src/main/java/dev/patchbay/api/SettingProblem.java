package dev.patchbay.api;

/**
 * One thing wrong with the settings of a channel or an agent.
 *
 * @param key the key below the account (below the channel if it is shared, below {@code agents.NAME} for an agent), for instance
 *     {@code callback.url}
 * @param message what is wrong, without any secret
 * @param cure what to write instead
 */
public record SettingProblem(String key, String message, String cure) {}
