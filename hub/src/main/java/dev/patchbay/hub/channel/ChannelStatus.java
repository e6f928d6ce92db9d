package dev.patchbay.hub.channel;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How one account is doing.
 *
 * @param since when it came into this state
 * @param lastError why it is not simply running, in one line without secrets
 */
public record ChannelStatus(String channel, String accountId, State state, Instant since, Optional<String> lastError) {

    /** What an account can be. */
    public enum State {
        /** Its token is missing: shown, no error. */
        NOT_CONFIGURED,
        STARTING,
        RUNNING,
        /** Works in part, or tries again by itself. */
        DEGRADED,
        /** Disconnected by an operator, until resumed or restarted. */
        PAUSED,
        /** Does not work. Opened again by itself later, or not before somebody acts: {@link #lastError()} says which. */
        FAILED,
        /** Disabled in the configuration, or the hub is stopping. */
        STOPPED;

        /** The word on the wire, for instance {@code not_configured}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether messages come in and go out. */
        public boolean isOpen() {
            return this == RUNNING || this == DEGRADED;
        }
    }
}
