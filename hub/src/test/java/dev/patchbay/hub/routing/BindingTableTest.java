package dev.patchbay.hub.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Peer;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BindingTableTest {
    private static final long SEED = 20260302;
    private static final List<String> AGENTS = List.of("main", "support");

    @Test
    void aWholeRuleIsReadWithEveryIdInItsOneSpelling() {
        Map<String, Object> rule = Map.of(
                "agent", " SUPPORT ",
                "match",
                        Map.of(
                                "channel",
                                "Discord",
                                "account",
                                " Bot-1\u00a0",
                                "peer",
                                Map.of("kind", "dm", "id", 42),
                                "guild",
                                " G1 ",
                                "team",
                                new BigInteger("123456789012345678901"),
                                "roles",
                                List.of("R1", 7L)),
                "session", Map.of("dm-scope", "per-peer"));

        BindingTable table = parse(rule);

        assertThat(table.problems()).isEmpty();
        assertThat(table.bindings())
                .containsExactly(new Binding(
                        0,
                        "hub.yaml:10",
                        "support",
                        new Match(
                                "discord",
                                "bot-1",
                                Peer.direct("42"),
                                "G1",
                                "123456789012345678901",
                                Set.of("R1", "7")),
                        DmScope.PER_PEER));
        assertThat(parse(table.bindings().getFirst().tree())).isEqualTo(table);
    }

    @Test
    void everythingThatIsWrongIsToldAtOnceWithPlaceAndCure() {
        BindingTable table = parse(
                rule("suport", Map.of("channel", "telegram")),
                rule("main", Map.of("chanel", "telegram", "guild", " ")),
                rule("main", Map.of("channel", "*", "account", "*", "guild", "g*", "team", "*", "roles", List.of("*"))),
                rule("main", Map.of("channel", "telegram", "peer", Map.of("kind", "person", "id", "7", "nick", "x"))),
                Map.of("agent", "main", "session", Map.of("dm-scope", "perpeer"), "prio", 1));

        assertThat(table.bindings()).isEmpty();
        assertThat(table.problems().stream().map(BindingProblem::toString))
                .containsExactly(
                        "hub.yaml:10: bindings[0].agent: agent \"suport\" is unknown; did you mean support?",
                        "hub.yaml:11: bindings[1].match.chanel: \"chanel\" is unknown; did you mean channel?",
                        "hub.yaml:11: bindings[1].match.channel: is missing; every binding names a channel, for"
                                + " instance channel: telegram",
                        "hub.yaml:11: bindings[1].match.guild: is empty; give it a value, or leave it out",
                        star(2, "channel", "*"),
                        star(2, "account", "*"),
                        star(2, "guild", "g*"),
                        star(2, "team", "*"),
                        star(2, "roles[0]", "*"),
                        "hub.yaml:13: bindings[3].match.peer.nick: \"nick\" is unknown; known here: id, kind",
                        "hub.yaml:13: bindings[3].match.peer.kind: \"person\" is no kind of peer; write direct, group"
                                + " or channel",
                        "hub.yaml:14: bindings[4].prio: \"prio\" is unknown; known here: agent, match, session",
                        "hub.yaml:14: bindings[4].match.channel: is missing; every binding names a channel, for"
                                + " instance channel: telegram",
                        "hub.yaml:14: bindings[4].session.dm-scope: dm-scope \"perpeer\" is unknown; did you mean"
                                + " per-peer?");
        assertThat(table.problems()).allMatch(BindingProblem::isError);
    }

    private static String star(int index, String field, String value) {
        return "hub.yaml:1" + index + ": bindings[" + index + "].match." + field + ": \"" + value
                + "\": * stands for everybody in a peer id only; leave it out to match any";
    }

    @Test
    void aValueOfTheWrongShapeIsAnErrorAndNeverAnException() {
        List<@Nullable Object> shapes = Arrays.asList(
                null, "", " ", "x\u0000", 7, 7.5, true, List.of(), Map.of(), List.of(Map.of()), "x".repeat(600));
        for (Object shape : shapes) {
            for (String field : List.of("channel", "account", "peer", "guild", "team", "roles", "else")) {
                var match = new HashMap<String, @Nullable Object>(Map.of("channel", "x"));
                match.put(field, shape);
                parse(rule("main", match));
            }
            var whole = new HashMap<String, @Nullable Object>();
            whole.put("agent", shape);
            whole.put("match", shape);
            whole.put("session", shape);
            assertThat(parse(whole).hasErrors()).isTrue();
            assertThat(BindingTable.parse(Collections.singletonList(shape), AGENTS, i -> "?")
                            .hasErrors())
                    .isTrue();
        }
        assertThat(parse(rule("main", Map.of("channel", "telegram", "roles", "456")))
                        .problems())
                .singleElement()
                .hasToString("hub.yaml:10: bindings[0].match.roles: is no list; write [\"456\"], or leave it out");
        assertThat(parse(Map.of(1, 2)).hasErrors()).isTrue();
    }

    @Test
    void aRuleWithErrorsHasNoEffectAndTheOthersKeepTheirPlace() {
        BindingTable table =
                parse(rule("ghost", Map.of("channel", "telegram")), rule("main", Map.of("channel", "telegram")));

        assertThat(table.bindings()).extracting(Binding::index).containsExactly(1);
    }

    @Test
    void tooManyRulesAreAnError() {
        List<Map<String, Object>> rules =
                Collections.nCopies(BindingTable.SIZE_MAX + 1, rule("main", Map.of("channel", "a")));

        assertThat(BindingTable.parse(rules, AGENTS, i -> "?").problems())
                .anyMatch(p -> p.message().equals("there are 10001 rules, and 10000 are the limit"));
    }

    @Test
    void aRuleThatCanNeverWinIsAWarning() {
        BindingTable table = parse(
                rule("main", Map.of("channel", "telegram", "peer", Map.of("kind", "group", "id", "7"))),
                rule("support", Map.of("channel", "telegram", "peer", Map.of("kind", "channel", "id", "7"))),
                rule(
                        "main",
                        Map.of("channel", "telegram", "account", "b", "peer", Map.of("kind", "group", "id", "7"))));

        assertThat(table.problems()).noneMatch(BindingProblem::isError);
        assertThat(table.problems().stream().map(BindingProblem::toString))
                .containsExactly(
                        "hub.yaml:11: bindings[1].match: is a duplicate: bindings[0] (hub.yaml:10) matches the same"
                                + " and comes first; remove one of the two",
                        "hub.yaml:12: bindings[2].match: is shadowed: bindings[0] (hub.yaml:10) comes first and"
                                + " matches all of it; move it before the other, or remove it");
        assertThat(table.bindings()).hasSize(3);
    }

    @Test
    void exactlyTheRulesThatAnEarlierOneOfTheirTierCoversAreWarnedAbout() {
        // Given
        var random = new Random(SEED);
        List<RouteQuery> everyMessage = Messages.all();
        for (int round = 0; round < 300; round++) {
            List<Map<String, Object>> rules = Messages.rules(random, 12);

            // When
            BindingTable table = BindingTable.parse(rules, AGENTS, i -> "#" + i);

            // Then
            var covered = new ArrayList<Integer>();
            var matches = table.bindings().stream()
                    .map(binding -> everyMessage.stream()
                            .filter(message -> binding.match().mismatch(message, message.peer()) == null)
                            .collect(Collectors.toSet()))
                    .toList();
            for (int i = 0; i < rules.size(); i++) {
                for (int j = 0; j < i; j++) {
                    boolean sameTier = table.bindings().get(i).match().tier()
                            == table.bindings().get(j).match().tier();
                    if (sameTier && matches.get(j).containsAll(matches.get(i))) {
                        covered.add(i);
                        break;
                    }
                }
            }
            assertThat(table.problems())
                    .as("seed %d, round %d: %s", SEED, round, rules)
                    .extracting(BindingProblem::index)
                    .containsExactlyElementsOf(covered);
        }
    }

    private static Map<String, Object> rule(String agent, Map<String, ?> match) {
        return Map.of("agent", agent, "match", match);
    }

    private static BindingTable parse(Map<?, ?>... rules) {
        return BindingTable.parse(List.of(rules), AGENTS, i -> "hub.yaml:" + (10 + i));
    }
}
