package dev.patchbay.plugin.telegram;

import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Reaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an update turned out to be. */
sealed interface Incoming {

    /**
     * Something for the agent.
     *
     * @param message as it was said, its files not yet among its attachments
     * @param files what has to be fetched first
     * @param album the id that several messages share which were sent as one; null if it stands alone
     * @param acknowledge what is to be told the server once it is stored, or null
     */
    record Said(
            InboundMessage message,
            List<RemoteFile> files,
            @Nullable String album,
            @Nullable Acknowledge acknowledge) implements Incoming {}

    /** Reactions put on a message or taken away. */
    record Reacted(List<Reaction> reactions) implements Incoming {}

    /** Nothing that a hub has a use for. */
    record Nothing(String why, @Nullable Acknowledge acknowledge) implements Incoming {}

    /** A courtesy towards the server. */
    sealed interface Acknowledge {
        /** The button that was pressed stops to look busy. */
        record Press(String callbackId) implements Acknowledge {}

        /** The message may get the account's reaction. */
        record Message(String chatId, int messageId) implements Acknowledge {}
    }
}
