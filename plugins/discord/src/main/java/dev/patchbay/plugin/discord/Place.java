package dev.patchbay.plugin.discord;

import dev.patchbay.api.Peer;
import org.jspecify.annotations.Nullable;

/**
 * Where on Discord something was said.
 *
 * <p>A thread or a forum post is a thread of its parent channel: the peer is the parent, so that a binding for a channel counts in
 * its threads and every thread has a session of its own ({@code …:channel:PARENT:thread:THREAD}).
 *
 * @param channel the id under which Discord keeps the messages; of a thread, the thread's
 * @param guild null in a direct chat
 * @param parent the channel that a thread hangs on, null if it is no thread
 */
record Place(
        String channel, @Nullable String guild, @Nullable String parent) {

    /** @param userId who is at the other end of a direct chat */
    Peer peer(String userId) {
        return guild == null ? Peer.direct(userId) : new Peer(Peer.Kind.CHANNEL, parent == null ? channel : parent);
    }

    @Nullable
    Peer parentPeer() {
        return guild == null || parent == null ? null : new Peer(Peer.Kind.CHANNEL, parent);
    }

    @Nullable
    String thread() {
        return guild == null || parent == null ? null : channel;
    }
}
