package dev.patchbay.testkit;

import dev.patchbay.api.Peer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The far side of a channel: the platform, usually a hand-written fake on loopback, as {@link ChannelContract} looks at it.
 * Used by several threads.
 */
public interface ChannelProbe {

    /**
     * A message as the peer sees it.
     *
     * @param peer the peer's id
     * @param key what the platform recognises repeats by, null if it knows no such thing
     */
    record Arrival(String peer, String text, @Nullable String key) {}

    /** What can go wrong on a platform, and what {@link dev.patchbay.api.Channel#deliver} then answers. */
    enum Trouble {
        /** The platform will never take this message: {@code Refused}. */
        REFUSES,
        /** The platform names a wait that is not the message's fault: {@code Paced}. */
        ASKS_TO_SLOW_DOWN,
        /** The platform says that it failed: {@code RetryLater}. */
        FAILS,
        /** The message is taken in whole, then the connection ends without an answer: {@code Unknown}. */
        TAKES_AND_HANGS_UP,
        /** The message is taken in whole, then nothing happens for a minute or more. */
        TAKES_AND_STAYS_SILENT
    }

    /**
     * What has arrived, in order, including what was taken without an answer. On a platform that can stay silent it must go on
     * filling, since tests wait on it.
     */
    Recorded<Arrival> arrivals();

    /** The troubles that can be had on this platform. */
    Set<Trouble> troubles();

    /** Makes the next message from the channel meet one of {@link #troubles()}; the one after that is taken as usual. */
    void nextMeets(Trouble trouble);

    /** The far side of a channel that also takes messages in. */
    interface Speaking extends ChannelProbe {

        /**
         * Says something to the channel as a peer does; returns at once, before the channel has acknowledged. May be called
         * again with the same id, as platforms do that have seen no acknowledgement.
         *
         * @param id the platform's id of this message
         */
        void say(String id, Peer from, String text);

        /** Ids whose acknowledgement has reached the platform. */
        Recorded<String> acknowledged();
    }
}
