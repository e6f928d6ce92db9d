package dev.patchbay.hub.routing;

import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Peer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a message when it is routed. Blanks around names and ids are cut, channel and account are put in lower
 * case; an optional id that is blank counts as missing.
 *
 * @param channel blank matches no rule
 * @param accountId missing means {@code default}
 * @param peer whom the agent would answer; without one nothing is routed
 * @param parentPeer what a thread hangs on
 * @param roles of the sender
 */
public record RouteQuery(
        String channel,
        @Nullable String accountId,
        Peer peer,
        @Nullable Peer parentPeer,
        @Nullable String guild,
        @Nullable String team,
        List<String> roles,
        @Nullable String threadId) {

    /**
     * Puts the ids into their one spelling.
     *
     * @throws NotRoutable if the peer is missing or blank
     */
    public RouteQuery {
        channel = Blanks.fold(channel);
        String account = Blanks.cutToNull(accountId);
        accountId = account == null ? null : Blanks.fold(account);
        Peer cut = cut(peer);
        if (cut == null) {
            throw new NotRoutable("the peer is missing: a message must say whom it is from");
        }
        peer = cut;
        parentPeer = cut(parentPeer);
        guild = Blanks.cutToNull(guild);
        team = Blanks.cutToNull(team);
        roles = roles.stream().map(Blanks::cut).toList();
        threadId = Blanks.cutToNull(threadId);
    }

    /** A message from this peer about which nothing else is known. */
    public static RouteQuery of(String channel, @Nullable String accountId, Peer peer) {
        return new RouteQuery(channel, accountId, peer, null, null, null, List.of(), null);
    }

    /** A message as a channel took it in. */
    public static RouteQuery of(String channel, String accountId, InboundMessage message) {
        return new RouteQuery(
                channel,
                accountId,
                message.peer(),
                message.parentPeer(),
                message.guild(),
                message.team(),
                message.roles(),
                message.threadId());
    }

    /** The account, or {@value SessionKey#DEFAULT_ACCOUNT} if none was named. */
    public String account() {
        return Objects.requireNonNullElse(accountId, SessionKey.DEFAULT_ACCOUNT);
    }

    private static @Nullable Peer cut(@Nullable Peer peer) {
        String id = peer == null ? null : Blanks.cutToNull(peer.id());
        if (peer == null || id == null) {
            return null;
        }
        return id.equals(peer.id()) ? peer : new Peer(peer.kind(), id);
    }
}
