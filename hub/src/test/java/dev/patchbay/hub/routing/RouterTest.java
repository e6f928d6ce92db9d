package dev.patchbay.hub.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patchbay.api.Peer;
import dev.patchbay.hub.routing.RouteExplanation.Considered;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouterTest {
    private static final long SEED = 20260303;
    private static final List<String> AGENTS = List.of("main", "support", "vip", "dev", "ops");

    @Test
    void theMostSpecificTierWinsWhateverTheOrderOfTheFile() {
        // Given
        Router router = router(
                rule("main", Map.of("channel", "discord")),
                rule("support", Map.of("channel", "discord", "account", "b")),
                rule("vip", Map.of("channel", "discord", "team", "T")),
                rule("dev", Map.of("channel", "discord", "guild", "G")),
                rule("ops", Map.of("channel", "discord", "guild", "G", "roles", List.of("R", "S"))),
                rule("support", Map.of("channel", "discord", "peer", Map.of("kind", "group", "id", "*"))),
                rule("vip", Map.of("channel", "discord", "peer", Map.of("kind", "channel", "id", "7"))));
        var person = Peer.direct("1");
        var room = new Peer(Peer.Kind.CHANNEL, "8");
        var seven = new Peer(Peer.Kind.GROUP, "7");

        // Then
        assertThat(tier(router, new RouteQuery("discord", "b", seven, null, "G", "T", List.of("R"), null)))
                .isEqualTo("peer 6");
        assertThat(tier(router, new RouteQuery("discord", "b", room, seven, "G", "T", List.of("R"), null)))
                .isEqualTo("parent-peer 6");
        assertThat(tier(router, new RouteQuery("discord", "b", room, null, "G", "T", List.of("R"), null)))
                .isEqualTo("peer-kind 5");
        assertThat(tier(router, new RouteQuery("discord", "b", person, null, "G", "T", List.of("x", "S"), null)))
                .isEqualTo("guild+roles 4");
        assertThat(tier(router, new RouteQuery("discord", "b", person, null, "G", "T", List.of("x"), null)))
                .isEqualTo("guild 3");
        assertThat(tier(router, new RouteQuery("discord", "b", person, null, "H", "T", List.of("R"), null)))
                .isEqualTo("team 2");
        assertThat(tier(router, new RouteQuery("discord", "B", person, null, null, null, List.of(), null)))
                .isEqualTo("account 1");
        assertThat(tier(router, RouteQuery.of("DISCORD ", null, person))).isEqualTo("channel 0");
        assertThat(tier(router, RouteQuery.of("irc", null, person))).isEqualTo("default");
    }

    @Test
    void insideATierTheFirstRuleOfTheFileWins() {
        Router router = router(
                rule("main", Map.of("channel", "discord", "guild", "G", "roles", List.of("A"))),
                rule("vip", Map.of("channel", "discord", "guild", "G", "roles", List.of("B", "A"))));

        var query = new RouteQuery("discord", null, Peer.direct("1"), null, "G", null, List.of("B", "A"), null);

        assertThat(router.route(query).agentId()).isEqualTo("main");
    }

    @Test
    void idsCompareWithTheirCaseAndWithoutTheBlanksAround() {
        Router router =
                router(rule("vip", Map.of("channel", "feishu", "peer", Map.of("kind", "direct", "id", " AbC "))));

        assertThat(router.route(RouteQuery.of("feishu", null, Peer.direct("\u3000AbC\u0085")))
                        .sessionKey())
                .hasToString("agent:vip:feishu:direct:AbC");
        assertThat(router.route(RouteQuery.of("feishu", null, Peer.direct("abc")))
                        .tier())
                .isEqualTo(Tier.DEFAULT);
        assertThat(router.route(RouteQuery.of("feishu", null, Peer.direct("\ufeffAbC")))
                        .tier())
                .isEqualTo(Tier.DEFAULT);
    }

    @Test
    void aRulesOwnScopeGoesBeforeTheGeneralOne() {
        Router router = router(
                Map.of("agent", "vip", "match", Map.of("channel", "telegram"), "session", Map.of("dm_scope", "main")));

        assertThat(router.route(RouteQuery.of("telegram", null, Peer.direct("7")))
                        .sessionKey())
                .hasToString("agent:vip:main");
        assertThat(router.route(RouteQuery.of("telegram", null, new Peer(Peer.Kind.GROUP, "7")))
                        .sessionKey())
                .hasToString("agent:vip:telegram:default:group:7");
    }

    @Test
    void linkedIdsOfOnePersonShareADirectSessionAsFarAsTheScopeReaches() {
        // Given
        var problems = new ArrayList<String>();
        IdentityLinks links = IdentityLinks.parse(
                Map.of("alice", List.of("Telegram:42", "discord: 300 ", "matrix:@a:b")),
                (key, problem) -> problems.add(key + problem));
        var perPeer = new Router(BindingTable.EMPTY, "main", DmScope.PER_PEER, links);
        var perChannel = new Router(BindingTable.EMPTY, "main", DmScope.PER_CHANNEL_PEER, links);

        // Then
        assertThat(problems).isEmpty();
        for (var query : List.of(
                RouteQuery.of("telegram", null, Peer.direct("42")),
                RouteQuery.of("discord", "b", Peer.direct("300")),
                RouteQuery.of("matrix", null, Peer.direct("@a:b")))) {
            assertThat(perPeer.route(query).sessionKey()).hasToString("agent:main:direct:alice");
            assertThat(perChannel.route(query).sessionKey())
                    .hasToString("agent:main:" + query.channel() + ":direct:alice");
        }
        assertThat(perPeer.route(RouteQuery.of("discord", null, Peer.direct("42")))
                        .sessionKey())
                .hasToString("agent:main:direct:42");
        assertThat(perPeer.route(RouteQuery.of("telegram", null, new Peer(Peer.Kind.GROUP, "42")))
                        .sessionKey())
                .hasToString("agent:main:telegram:default:group:42");
    }

    @Test
    void aLinkThatNamesNoPeerOrASecondPersonIsToldAndLeftOut() {
        var problems = new ArrayList<String>();
        IdentityLinks.parse(
                Map.of("alice", List.of("42", "telegram:", ":7")),
                (key, problem) -> problems.add(key + ": " + problem));
        IdentityLinks.parse(
                new TreeMap<>(Map.of("alice", List.of("telegram:42"), "bob", List.of("telegram:42"), " ", List.of())),
                (key, problem) -> problems.add(key + ": " + problem));

        assertThat(problems)
                .containsExactly(
                        "alice: \"42\" names no peer; write CHANNEL:PEER, for instance \"telegram:42\"",
                        "alice: \"telegram:\" names no peer; write CHANNEL:PEER, for instance \"telegram:42\"",
                        "alice: \":7\" names no peer; write CHANNEL:PEER, for instance \"telegram:42\"",
                        " : the name is empty; write who it is",
                        "bob: \"telegram:42\" is alice already; link it to one person");
    }

    @Test
    void aMessageWithoutAPeerIsNotRouted() {
        for (String blank : List.of("\u00a0", "\u2007\u202f", "\u0085")) {
            assertThatExceptionOfType(NotRoutable.class)
                    .isThrownBy(() -> RouteQuery.of("telegram", null, Peer.direct(blank)))
                    .withMessage("the peer is missing: a message must say whom it is from");
        }
    }

    @Test
    void anExplanationNamesEveryRuleInTheOrderOfCompetitionWithItsReason() {
        // Given
        Router router = router(
                rule("main", Map.of("channel", "telegram")),
                rule("support", Map.of("channel", "telegram", "account", "biz")),
                rule("vip", Map.of("channel", "telegram", "peer", Map.of("kind", "direct", "id", "42"))),
                rule("dev", Map.of("channel", "discord", "guild", "G", "roles", List.of("R"))));

        // When
        RouteExplanation explanation = router.explain(RouteQuery.of("telegram", null, Peer.direct("42")));

        // Then
        assertThat(explanation.route().agentId()).isEqualTo("vip");
        assertThat(explanation.considered())
                .containsExactly(
                        new Considered(2, "vip", Tier.PEER, true, "matches first"),
                        new Considered(3, "dev", Tier.GUILD_ROLES, false, "channel is \"telegram\", not \"discord\""),
                        new Considered(1, "support", Tier.ACCOUNT, false, "account is \"default\", not \"biz\""),
                        new Considered(0, "main", Tier.CHANNEL, true, "matches, but bindings[2] comes first"));
    }

    @Test
    void theIndexAndTheExplanationAlwaysAgree() {
        // Given
        var random = new Random(SEED);
        List<RouteQuery> messages = Messages.all();
        for (int round = 0; round < 200; round++) {
            Router router = new Router(
                    BindingTable.parse(Messages.rules(random, 20), AGENTS, i -> "#" + i),
                    "main",
                    DmScope.PER_PEER,
                    IdentityLinks.NONE);
            for (int i = 0; i < 200; i++) {
                RouteQuery message = messages.get(random.nextInt(messages.size()));
                var query = new RouteQuery(
                        message.channel(),
                        message.accountId(),
                        message.peer(),
                        Messages.parent(random),
                        message.guild(),
                        message.team(),
                        message.roles(),
                        null);

                // When
                Route route = router.route(query);

                // Then
                assertThat(router.explain(query).route())
                        .as("seed %d, round %d, %s", SEED, round, query)
                        .isEqualTo(route);
            }
        }
    }

    private static String tier(Router router, RouteQuery query) {
        Route route = router.route(query);
        @Nullable Binding binding = route.binding();
        return route.tier().word() + (binding == null ? "" : " " + binding.index());
    }

    private static Map<String, Object> rule(String agent, Map<String, ?> match) {
        return Map.of("agent", agent, "match", match);
    }

    private static Router router(Map<?, ?>... rules) {
        BindingTable table = BindingTable.parse(List.of(rules), AGENTS, i -> "hub.yaml:" + i);
        assertThat(table.hasErrors()).isFalse();
        return new Router(table, "main", DmScope.PER_CHANNEL_PEER, IdentityLinks.NONE);
    }
}
