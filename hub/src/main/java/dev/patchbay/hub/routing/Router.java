package dev.patchbay.hub.routing;

import dev.patchbay.api.Peer;
import dev.patchbay.hub.routing.RouteExplanation.Considered;
import dev.patchbay.hub.tenant.Visibility;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the agent and the session of a message: the most specific rule, inside a tier the first. Immutable, for any number of
 * threads; a new table is a new router.
 */
public final class Router {
    private final BindingTable table;
    private final RuleIndex index;
    private final Defaults defaults;
    private final DmScope dmScope;
    private final IdentityLinks links;

    /** Who answers what no rule matches. */
    @FunctionalInterface
    public interface Defaults {
        /** The agent; empty if nobody stands ready for the account. */
        Optional<String> agent(String channel, String accountId);
    }

    /**
     * Makes a router.
     *
     * @param table rules with errors are not in its bindings and have no effect
     * @param defaultAgent answers what no rule matches
     * @param dmScope for rules that carry none
     * @throws IllegalArgumentException if the default agent's id is malformed
     */
    public Router(BindingTable table, String defaultAgent, DmScope dmScope, IdentityLinks links) {
        this(table, always(AgentIds.check(defaultAgent)), dmScope, links);
    }

    /** Likewise, with a default agent for each account. */
    public Router(BindingTable table, Defaults defaults, DmScope dmScope, IdentityLinks links) {
        this.table = table;
        this.index = new RuleIndex(table.bindings());
        this.defaults = defaults;
        this.dmScope = dmScope;
        this.links = links;
    }

    private static Defaults always(String agent) {
        return (channel, account) -> Optional.of(agent);
    }

    /** As it would be if there were only what is seen. */
    public Router seenBy(Visibility sees) {
        return sees.isWhole()
                ? this
                : new Router(
                        table.only(each -> sees.agent(each.agentId())),
                        (channel, account) -> sees.defaultAgent(),
                        dmScope,
                        links);
    }

    /** The rules that this router applies. */
    public BindingTable table() {
        return table;
    }

    /**
     * Who answers, and in which session. Takes no longer with many rules than with few.
     *
     * @throws NotRoutable if an id cannot stand in a session key
     */
    public Route route(RouteQuery query) {
        return route(query, index.find(query));
    }

    /**
     * The same answer as {@link #route}, found by asking every rule, with the reasons. For people: takes as long as the table.
     *
     * @throws NotRoutable as {@link #route}
     */
    public RouteExplanation explain(RouteQuery query) {
        List<RuleIndex.Hit> ranked = table.bindings().stream()
                .map(binding -> new RuleIndex.Hit(tier(binding, query), binding))
                .sorted(Comparator.comparing(RuleIndex.Hit::tier))
                .toList();
        RuleIndex.Hit winner = null;
        var considered = new ArrayList<Considered>();
        for (RuleIndex.Hit rule : ranked) {
            Match.Field mismatch = rule.binding().match().mismatch(query, asked(rule.tier(), query));
            String reason;
            if (mismatch != null) {
                reason = reason(mismatch, rule.binding().match(), query);
            } else if (winner == null) {
                winner = rule;
                reason = "matches first";
            } else {
                reason = "matches, but bindings[" + winner.binding().index() + "] comes first";
            }
            considered.add(new Considered(
                    rule.binding().index(), rule.binding().agentId(), rule.tier(), mismatch == null, reason));
        }
        return new RouteExplanation(route(query, winner), considered);
    }

    private Route route(RouteQuery query, RuleIndex.@Nullable Hit hit) {
        Binding binding = hit == null ? null : hit.binding();
        String agent = binding == null ? defaultAgent(query) : binding.agentId();
        DmScope own = binding == null ? null : binding.dmScope();
        SessionKey key = SessionKey.of(
                agent,
                own == null ? dmScope : own,
                query.channel(),
                query.accountId(),
                linked(query),
                query.threadId());
        return new Route(agent, hit == null ? Tier.DEFAULT : hit.tier(), binding, key);
    }

    private String defaultAgent(RouteQuery query) {
        return defaults.agent(query.channel(), query.account())
                .orElseThrow(() -> new NotRoutable("no rule matches, and no agent stands ready for account "
                        + query.account() + " of channel " + query.channel()));
    }

    private Peer linked(RouteQuery query) {
        Peer peer = query.peer();
        if (!Match.isPerson(peer)) {
            return peer;
        }
        String person = links.personOf(query.channel(), peer.id());
        return person.equals(peer.id()) ? peer : Peer.direct(person);
    }

    /** A rule for a peer counts as one for the parent if only the parent is that peer. */
    private static Tier tier(Binding binding, RouteQuery query) {
        Match match = binding.match();
        Tier tier = match.tier();
        return tier == Tier.PEER
                        && match.mismatch(query, query.peer()) != null
                        && match.mismatch(query, query.parentPeer()) == null
                ? Tier.PARENT_PEER
                : tier;
    }

    private static @Nullable Peer asked(Tier tier, RouteQuery query) {
        return tier == Tier.PARENT_PEER ? query.parentPeer() : query.peer();
    }

    private static String reason(Match.Field mismatch, Match match, RouteQuery query) {
        return switch (mismatch) {
            case CHANNEL -> differs("channel", query.channel(), match.channel());
            case ACCOUNT -> differs("account", query.account(), match.account());
            case PEER -> differs("peer", shown(query.peer()), shown(match.peer()));
            case GUILD -> differs("guild", query.guild(), match.guild());
            case TEAM -> differs("team", query.team(), match.team());
            case ROLES -> "the sender has none of the roles";
        };
    }

    private static String differs(String field, @Nullable String is, @Nullable String wanted) {
        return field + (is == null ? " is missing" : " is \"" + Shown.text(is) + "\"") + ", not \""
                + Shown.text(String.valueOf(wanted)) + "\"";
    }

    private static @Nullable String shown(@Nullable Peer peer) {
        return peer == null ? null : peer.kind().word() + ":" + peer.id();
    }
}
