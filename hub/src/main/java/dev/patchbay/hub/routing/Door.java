package dev.patchbay.hub.routing;

import dev.patchbay.api.Peer;
import org.jspecify.annotations.Nullable;

/**
 * What makes a rule's tier: the channel and one id, for peers also whether it is a person. Rules behind different doors never
 * compete.
 *
 * @param role empty but in the index of tier guild+roles, where a rule stands behind one door per role
 */
record Door(Tier tier, String channel, boolean person, String id, String role) {

    static Door of(Match match) {
        Tier tier = match.tier();
        Peer peer = match.peer();
        if (peer != null) {
            return new Door(tier, match.channel(), Match.isPerson(peer), peer.id(), "");
        }
        return of(
                tier,
                match.channel(),
                switch (tier) {
                    case GUILD, GUILD_ROLES -> match.guild();
                    case TEAM -> match.team();
                    case ACCOUNT -> match.account();
                    case PEER, PARENT_PEER, PEER_KIND, CHANNEL, DEFAULT -> "";
                });
    }

    static Door of(Tier tier, String channel, @Nullable String id) {
        return new Door(tier, channel, false, id == null ? "" : id, "");
    }

    Door withRole(String role) {
        return new Door(tier, channel, person, id, role);
    }
}
