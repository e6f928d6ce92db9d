package dev.patchbay.hub.routing;

import dev.patchbay.api.Peer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the winning rule by looking up what makes each tier, instead of asking all rules. Immutable once made. */
final class RuleIndex {

    /** A rule that matched, and in which tier. */
    record Hit(Tier tier, Binding binding) {}

    private static final List<Tier> TIERS = List.of(Tier.values());

    private final Map<Door, List<Binding>> rules = new HashMap<>();

    RuleIndex(List<Binding> bindings) {
        for (Binding binding : bindings) {
            Door door = Door.of(binding.match());
            if (door.tier() == Tier.GUILD_ROLES) {
                binding.match().roles().forEach(role -> add(door.withRole(role), binding));
            } else {
                add(door, binding);
            }
        }
    }

    private void add(Door door, Binding binding) {
        rules.computeIfAbsent(door, _ -> new ArrayList<>(1)).add(binding);
    }

    /** The rule that wins, or null if none matches. */
    @Nullable
    Hit find(RouteQuery query) {
        for (Tier tier : TIERS) {
            Binding found = first(tier, query);
            if (found != null) {
                return new Hit(tier, found);
            }
        }
        return null;
    }

    private @Nullable Binding first(Tier tier, RouteQuery query) {
        Peer peer = query.peer();
        Peer parent = query.parentPeer();
        return switch (tier) {
            case PEER -> first(peerDoor(Tier.PEER, query, peer, peer.id()), query, peer);
            case PARENT_PEER ->
                parent == null ? null : first(peerDoor(Tier.PEER, query, parent, parent.id()), query, parent);
            case PEER_KIND -> first(peerDoor(Tier.PEER_KIND, query, peer, Match.ANYBODY), query, peer);
            case GUILD_ROLES -> query.guild() == null ? null : firstOfRoles(query, query.guild());
            case GUILD -> first(tier, query.guild(), query);
            case TEAM -> first(tier, query.team(), query);
            case ACCOUNT -> first(tier, query.account(), query);
            case CHANNEL -> first(tier, "", query);
            case DEFAULT -> null;
        };
    }

    private @Nullable Binding first(Tier tier, @Nullable String id, RouteQuery query) {
        return id == null ? null : first(Door.of(tier, query.channel(), id), query, query.peer());
    }

    private @Nullable Binding firstOfRoles(RouteQuery query, String guild) {
        Door door = Door.of(Tier.GUILD_ROLES, query.channel(), guild);
        Binding first = null;
        for (String role : query.roles()) {
            Binding found = first(door.withRole(role), query, query.peer());
            if (found != null && (first == null || found.index() < first.index())) {
                first = found;
            }
        }
        return first;
    }

    private @Nullable Binding first(Door door, RouteQuery query, Peer asked) {
        for (Binding binding : rules.getOrDefault(door, List.of())) {
            if (binding.match().mismatch(query, asked) == null) {
                return binding;
            }
        }
        return null;
    }

    private static Door peerDoor(Tier tier, RouteQuery query, Peer peer, String id) {
        return new Door(tier, query.channel(), Match.isPerson(peer), id, "");
    }
}
