package dev.patchbay.hub.delivery;

import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.Pacing;
import dev.patchbay.api.Peer;
import dev.patchbay.api.TextLimit;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The accounts through which messages leave, as the queue sees them. Safe for many threads, never blocks. */
public interface Outlets {

    /** What a configured account can do, open or not; empty if there is no such account. */
    Optional<Traits> traits(String channel, String accountId);

    /** The account's channel while messages may go out; empty while it starts, is paused, has failed or stops. */
    Optional<Channel> open(String channel, String accountId);

    /**
     * What never changes while the hub runs.
     *
     * @param groupIds ids that only groups have, or null
     */
    record Traits(
            Set<Capability> capabilities,
            TextLimit textLimit,
            Pacing pacing,
            @Nullable Pattern groupIds) {

        /** Of an account whose ids do not tell groups from people. */
        public Traits(Set<Capability> capabilities, TextLimit textLimit, Pacing pacing) {
            this(capabilities, textLimit, pacing, null);
        }

        /** Of an account that may send as fast as it can. */
        public Traits(Set<Capability> capabilities, TextLimit textLimit) {
            this(capabilities, textLimit, Pacing.NONE);
        }

        /** The peer itself, or the group that it really is. */
        Peer meant(Peer to) {
            boolean isMistaken = to.kind() == Peer.Kind.DIRECT
                    && groupIds != null
                    && groupIds.matcher(to.id()).matches();
            return isMistaken ? new Peer(Peer.Kind.GROUP, to.id()) : to;
        }

        public boolean can(Capability capability) {
            return capabilities.contains(capability);
        }
    }
}
