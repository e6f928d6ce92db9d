package dev.patchbay.hub.gateway.method;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The channels as operators see and move them. Safe for many threads. */
public interface ChannelDesk {

    /** All configured accounts. */
    List<AccountState> accounts();

    /** Opens an account anew, whatever it was. Returns when that has begun; false if there is no such account. */
    boolean restart(String channel, String accountId) throws InterruptedException;

    /** Takes an account off its platform until it is resumed; false if there is no such account. */
    boolean pause(String channel, String accountId) throws InterruptedException;

    /** Undoes {@link #pause}; false if there is no such account. */
    boolean resume(String channel, String accountId) throws InterruptedException;

    /**
     * One account.
     *
     * @param state the word on the wire
     * @param lastError without secrets
     */
    record AccountState(String channel, String accountId, String state, Instant since, Optional<String> lastError) {}
}
