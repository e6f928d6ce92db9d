package dev.patchbay.hub.gateway;

import dev.patchbay.api.HttpReceiver;

/** Which channel account takes in HTTP requests where. Safe for many threads, never blocks. */
public interface ChannelDoors {

    /**
     * Finds the account behind {@code /path/account}.
     *
     * @param path the first segment, decoded
     * @param account the second one, decoded, as the client spelled it
     */
    Found find(String path, String account);

    /** What stands there. */
    sealed interface Found {

        /** Nothing. */
        record Nothing() implements Found {}

        /** An account that takes nothing now: it starts, is paused, has failed. */
        record Closed() implements Found {}

        /**
         * An account that takes requests. The receiver is called on the request's thread; whoever gives it away bounds the time
         * it takes.
         */
        record Open(HttpReceiver receiver) implements Found {}
    }

    /** No channel at all. */
    ChannelDoors NONE = (path, account) -> new Found.Nothing();
}
