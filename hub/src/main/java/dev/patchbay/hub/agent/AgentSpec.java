package dev.patchbay.hub.agent;

import dev.patchbay.api.Settings;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * One agent of the configuration.
 *
 * @param id its name
 * @param type the word that names the plugin
 * @param openTimeout for its plugin to make it ready; more than zero
 * @param timeout for a whole turn, with the wait for a place; more than zero, at most {@link #TIMEOUT_MAX}
 * @param maxConcurrent turns at once, from 1
 * @param fallback who is asked when this one fails
 * @param onFailure what the peer sees when there is no answer
 * @param failureText what is said to the peer then, if anything is
 * @param breakerFailures failures in a row after which the agent is left alone, from 1
 * @param breakerWait how long it is left alone
 * @param settings what the plugin wants to know; may hold secrets
 */
public record AgentSpec(
        String id,
        String type,
        Duration openTimeout,
        Duration timeout,
        int maxConcurrent,
        Optional<String> fallback,
        OnFailure onFailure,
        String failureText,
        int breakerFailures,
        Duration breakerWait,
        Settings settings) {

    /** The longest timeout. */
    public static final Duration TIMEOUT_MAX = Duration.ofDays(1);

    /** What the peer sees when there is no answer; callers of the API learn of the failure in any case. */
    public enum OnFailure {
        SILENT,
        APOLOGISE
    }

    public AgentSpec {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(fallback, "fallback");
        Objects.requireNonNull(onFailure, "onFailure");
        Objects.requireNonNull(failureText, "failureText");
        Objects.requireNonNull(settings, "settings");
        if (timeout.compareTo(TIMEOUT_MAX) > 0) {
            throw new IllegalArgumentException("agent " + id + ": the timeout is longer than " + TIMEOUT_MAX);
        }
        if (!openTimeout.isPositive()
                || !timeout.isPositive()
                || maxConcurrent < 1
                || breakerFailures < 1
                || !breakerWait.isPositive()) {
            throw new IllegalArgumentException("agent " + id + ": every limit must be more than zero");
        }
    }
}
