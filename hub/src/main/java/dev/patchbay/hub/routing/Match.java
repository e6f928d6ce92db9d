package dev.patchbay.hub.routing;

import dev.patchbay.api.Peer;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a binding asks of a message. All fields that are set must hold.
 *
 * @param channel in lower case
 * @param account in lower case; null means any
 * @param peer id {@code *} means everybody of that kind; kinds group and channel match each other
 * @param roles any of them; empty means that roles do not matter
 */
public record Match(
        String channel,
        @Nullable String account,
        @Nullable Peer peer,
        @Nullable String guild,
        @Nullable String team,
        Set<String> roles) {

    /** The peer id that stands for everybody. */
    public static final String ANYBODY = "*";

    /** A field that can keep a message from matching. */
    enum Field {
        CHANNEL,
        ACCOUNT,
        PEER,
        GUILD,
        TEAM,
        ROLES
    }

    public Match {
        Objects.requireNonNull(channel, "channel");
        roles = Collections.unmodifiableSet(new LinkedHashSet<>(roles));
    }

    /** The tier in which this competes; a rule for a peer also counts in {@link Tier#PARENT_PEER} for its threads. */
    public Tier tier() {
        if (peer != null) {
            return peer.id().equals(ANYBODY) ? Tier.PEER_KIND : Tier.PEER;
        }
        if (guild != null) {
            return roles.isEmpty() ? Tier.GUILD : Tier.GUILD_ROLES;
        }
        if (team != null) {
            return Tier.TEAM;
        }
        return account == null ? Tier.CHANNEL : Tier.ACCOUNT;
    }

    /** The first field that does not hold, or null if all do, taking this peer for the message's. */
    @Nullable
    Field mismatch(RouteQuery query, @Nullable Peer asked) {
        if (!channel.equals(query.channel())) {
            return Field.CHANNEL;
        }
        if (account != null && !account.equals(query.account())) {
            return Field.ACCOUNT;
        }
        if (peer != null && !matches(peer, asked)) {
            return Field.PEER;
        }
        if (guild != null && !guild.equals(query.guild())) {
            return Field.GUILD;
        }
        if (team != null && !team.equals(query.team())) {
            return Field.TEAM;
        }
        return roles.isEmpty() || query.roles().stream().anyMatch(roles::contains) ? null : Field.ROLES;
    }

    /** True if every message that the other one matches is matched by this one too; both of one tier. */
    boolean covers(Match other) {
        return channel.equals(other.channel)
                && (account == null || account.equals(other.account))
                && (peer == null || matches(peer, other.peer))
                && (guild == null || guild.equals(other.guild))
                && (team == null || team.equals(other.team))
                && (roles.isEmpty() || (!other.roles.isEmpty() && roles.containsAll(other.roles)));
    }

    private static boolean matches(Peer wanted, @Nullable Peer asked) {
        return asked != null
                && isPerson(wanted) == isPerson(asked)
                && (wanted.id().equals(ANYBODY) || wanted.id().equals(asked.id()));
    }

    static boolean isPerson(Peer peer) {
        return peer.kind() == Peer.Kind.DIRECT;
    }
}
