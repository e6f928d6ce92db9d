package dev.patchbay.hub.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.api.Peer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tables of two other hubs give the same answers here, but where the list of differences says why not. */
class RoutingVectorsTest {
    private static final List<String> KEYS = List.of("peer_id", "guild_id", "account_id", "channel", "default");

    @Test
    void aTableOfClaw0WrittenInOurWordsGivesItsAnswers() {
        var differences = new Vectors.Differences("routing-differences.json");
        int cases = 0;
        for (JsonNode table : Vectors.read("routing.json").path("tables")) {
            for (JsonNode example : table.path("cases")) {
                checkClaw0(table, example, differences);
                cases++;
            }
        }
        differences.checkNoneLeft();
        assertThat(cases)
                .isEqualTo(Vectors.read("routing.json").path("caseCount").asInt());
    }

    private static void checkClaw0(JsonNode table, JsonNode example, Vectors.Differences differences) {
        // Given
        String id = table.path("name").asText() + " / " + example.path("id").asText();
        BindingTable ours = bindings(table);
        var router = new Router(ours, defaultAgent(table), DmScope.PER_PEER, IdentityLinks.NONE);

        // When
        String answer = answer(router, example.path("input"), hasDefault(table));

        // Then
        JsonNode wanted = example.path("ours");
        JsonNode expected = example.path("expected");
        String theirs =
                expected.path("agentId").asText() + " " + expected.path("tier").asText() + " "
                        + expected.path("sessionKey").asText();
        if (wanted.path("configError").asBoolean()) {
            assertThat(ours.hasErrors()).as(id).isTrue();
            differences.check(id, "refused", theirs);
        } else {
            if (wanted.isObject()) {
                assertThat(answer)
                        .as(id)
                        .startsWith(wanted.path("agentId").asText() + " "
                                + wanted.path("tier").asText() + " ");
            }
            differences.check(id, answer, theirs);
        }
    }

    private static String answer(Router router, JsonNode input, boolean hasDefault) {
        try {
            Route route = router.route(new RouteQuery(
                    input.path("channel").asText(),
                    input.path("account_id").asText(),
                    Peer.direct(input.path("peer_id").asText()),
                    null,
                    input.path("guild_id").asText(),
                    null,
                    List.of(),
                    null));
            String tier =
                    switch (route.tier()) {
                        case PEER -> "1";
                        case GUILD -> "2";
                        case ACCOUNT -> "3";
                        case CHANNEL -> "4";
                        case DEFAULT -> hasDefault ? "5" : "null";
                        default -> route.tier().word();
                    };
            return route.agentId() + " " + tier + " " + route.sessionKey();
        } catch (IllegalArgumentException e) {
            return "refused";
        }
    }

    /** Our order is the file's: higher priorities are written first. */
    private static BindingTable bindings(JsonNode table) {
        var sorted = new ArrayList<JsonNode>();
        table.path("bindings").forEach(sorted::add);
        sorted.sort(Comparator.comparingInt((JsonNode b) -> b.path("priority").asInt())
                .reversed());
        List<Map<String, Object>> trees = sorted.stream()
                .map(RoutingVectorsTest::tree)
                .filter(Objects::nonNull)
                .toList();
        return BindingTable.parse(trees, agents(table), i -> "vector:" + i);
    }

    private static List<String> agents(JsonNode table) {
        var agents = new ArrayList<>(List.of("main"));
        table.path("agents").forEach(agent -> agents.add(agent.asText()));
        return agents;
    }

    private static @Nullable Map<String, Object> tree(JsonNode binding) {
        String key = binding.path("match_key").asText();
        String value = binding.path("match_value").asText();
        var match = new LinkedHashMap<String, Object>();
        if (binding.has("oursChannel")) {
            match.put("channel", binding.path("oursChannel").asText());
        }
        switch (key) {
            case "peer_id" -> {
                int colon = value.indexOf(':');
                if (colon >= 0) {
                    match.put("channel", value.substring(0, colon));
                }
                match.put("peer", Map.of("kind", "direct", "id", value.substring(colon + 1)));
            }
            case "guild_id" -> match.put("guild", value);
            case "account_id" -> match.put("account", value);
            case "channel" -> match.put("channel", value);
            default -> {}
        }
        var tree = new LinkedHashMap<String, Object>();
        tree.put("agent", binding.path("agent_id").asText());
        tree.put("match", match);
        int tier = binding.path("tier").asInt();
        if (KEYS.indexOf(key) != tier - 1) {
            tree.put("tier", tier);
            return tree;
        }
        return key.equals("default") ? null : tree;
    }

    private static boolean isDefault(JsonNode binding) {
        return binding.path("match_key").asText().equals("default")
                && binding.path("tier").asInt() == 5;
    }

    private static boolean hasDefault(JsonNode table) {
        for (JsonNode binding : table.path("bindings")) {
            if (isDefault(binding)) {
                return true;
            }
        }
        return false;
    }

    private static String defaultAgent(JsonNode table) {
        JsonNode best = null;
        for (JsonNode binding : table.path("bindings")) {
            if (isDefault(binding)
                    && (best == null
                            || binding.path("priority").asInt()
                                    > best.path("priority").asInt())) {
                best = binding;
            }
        }
        return best == null ? "main" : best.path("agent_id").asText();
    }

    @Test
    void aTableOfOpenClawGivesItsAnswers() {
        // Given
        JsonNode vectors = Vectors.read("openclaw-routing.json");
        var agents = new ArrayList<String>();
        vectors.path("agents").forEach(agent -> agents.add(agent.asText()));
        BindingTable table =
                BindingTable.parse((List<?>) Vectors.tree(vectors.path("bindings")), agents, i -> "vector:" + i);
        assertThat(table.problems()).isEmpty();
        var router =
                new Router(table, vectors.path("default_agent").asText(), DmScope.PER_CHANNEL_PEER, IdentityLinks.NONE);

        for (JsonNode example : vectors.path("cases")) {
            // When
            RouteQuery query = query(example.path("input"));
            Route route = router.route(query);

            // Then
            assertThat(route.agentId() + " " + route.tier().word())
                    .as("case %s", example)
                    .isEqualTo(example.at("/expected/agent_id").asText() + " "
                            + example.at("/expected/tier").asText());
            assertThat(router.explain(query).route()).isEqualTo(route);
        }
    }

    private static RouteQuery query(JsonNode input) {
        var roles = new ArrayList<String>();
        input.path("roles").forEach(role -> roles.add(role.asText()));
        return new RouteQuery(
                input.path("channel").asText(),
                input.path("account_id").asText(),
                Objects.requireNonNull(peer(input.path("peer"))),
                peer(input.path("parent_peer")),
                input.path("guild").asText(),
                input.path("team").asText(),
                roles,
                null);
    }

    private static @Nullable Peer peer(JsonNode peer) {
        return peer.isMissingNode()
                ? null
                : new Peer(
                        Peer.Kind.of(peer.path("kind").asText()),
                        peer.path("id").asText());
    }
}
