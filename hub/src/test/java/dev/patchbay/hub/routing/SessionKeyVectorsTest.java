package dev.patchbay.hub.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.api.Peer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Keys and ids of two other hubs come out the same here, but where the list of differences says why not. */
class SessionKeyVectorsTest {

    @Test
    void keysAndIdsComeOutTheSameOrTheListSaysWhyNot() {
        var differences = new Vectors.Differences("session-keys-differences.json");
        check("normalizeAgentId", differences, input -> AgentIds.ofForeign(input.asText()));
        check("buildSessionKey", differences, SessionKeyVectorsTest::claw0Key);
        check("s04BuildSessionKey", differences, SessionKeyVectorsTest::claw0ChannelKey);
        check("openclawBuildSessionKey", differences, SessionKeyVectorsTest::openClawKey);
        differences.checkNoneLeft();
    }

    private static void check(String set, Vectors.Differences differences, Function<JsonNode, String> ours) {
        for (JsonNode example : Vectors.read("session-keys.json").path(set)) {
            String id = set + " " + example.path("input");
            String answer;
            try {
                answer = ours.apply(example.path("input"));
            } catch (IllegalArgumentException e) {
                answer = "refused";
            }
            JsonNode wanted = example.path("ours");
            if (wanted.has("configError") || wanted.asText().matches("reject.*|configError")) {
                assertThat(answer).as(id).isEqualTo("refused");
            }
            if (wanted.asText().equals("escape")) {
                assertThat(SessionKey.parse(answer)).as(id).hasToString(answer);
            }
            differences.check(id, answer, example.path("expected").asText());
        }
    }

    private static String claw0Key(JsonNode input) {
        return SessionKey.direct(
                        AgentIds.ofForeign(input.path("agentId").asText()),
                        DmScope.of(input.path("dmScope").asText()),
                        input.path("channel").asText(),
                        input.path("accountId").asText(),
                        input.path("peerId").asText(),
                        null)
                .toString();
    }

    private static String claw0ChannelKey(JsonNode input) {
        return SessionKey.direct(
                        "main",
                        DmScope.PER_CHANNEL_PEER,
                        input.path("channel").asText(),
                        input.path("accountId").asText(),
                        input.path("peerId").asText(),
                        null)
                .toString();
    }

    private static String openClawKey(JsonNode input) {
        Map<String, List<String>> people = new HashMap<>();
        input.path("identityLinks").properties().forEach(person -> {
            var peers = new ArrayList<String>();
            person.getValue().forEach(peer -> peers.add(peer.asText()));
            people.put(person.getKey(), peers);
        });
        var router = new Router(
                BindingTable.EMPTY,
                input.path("agentId").asText(),
                DmScope.of(input.path("dmScope").asText()),
                IdentityLinks.parse(people, (key, problem) -> {
                    throw new AssertionError(key + ": " + problem);
                }));
        JsonNode peer = input.path("peer");
        return router.route(RouteQuery.of(
                        input.path("channel").asText(),
                        null,
                        new Peer(
                                Peer.Kind.of(peer.path("kind").asText()),
                                peer.path("id").asText())))
                .sessionKey()
                .toString();
    }

    @Test
    void anImportTakesEveryKeyThatOtherHubsWrite() {
        Map<String, String> expected = Map.ofEntries(
                Map.entry("agent:main:main", "agent:main:main"),
                Map.entry("agent:main:direct:7", "agent:main:direct:7"),
                Map.entry("agent:main:telegram:direct:7", "agent:main:telegram:direct:7"),
                Map.entry("agent:main:telegram:tg-primary:direct:7", "agent:main:telegram:tg-primary:direct:7"),
                Map.entry("agent:main:direct:telegram:7", "agent:main:telegram:direct:7"),
                Map.entry("agent:main:cli:user1", "agent:main:cli:direct:user1"),
                Map.entry("agent:main:discord:group:c1", "agent:main:discord:default:group:c1"),
                Map.entry(
                        "agent:main:slack:channel:c1:thread:170.1", "agent:main:slack:default:channel:c1:thread:170.1"),
                Map.entry("agent:main:telegram:direct:-100123:topic:7", "agent:main:telegram:direct:-100123:thread:7"),
                Map.entry("main", "agent:main:main"),
                Map.entry("default", "agent:main:main"),
                Map.entry("cron:job-1", "agent:main:schedule:job-1"),
                Map.entry("hook:0b1c", "agent:main:webhook:direct:0b1c"));
        JsonNode parse = Vectors.read("session-keys.json").path("parse");
        for (JsonNode key : parse.path("accept")) {
            SessionKey ours = ForeignSessionKeys.read(key.asText(), "main");
            assertThat(ours).hasToString(Objects.requireNonNull(expected.get(key.asText()), key.asText()));
            assertThat(SessionKey.parse(ours.toString())).isEqualTo(ours);
        }
        for (JsonNode key : parse.path("reject")) {
            assertThatIllegalArgumentException()
                    .as(key.asText())
                    .isThrownBy(() -> ForeignSessionKeys.read(key.asText(), "main"));
            assertThatIllegalArgumentException().as(key.asText()).isThrownBy(() -> SessionKey.parse(key.asText()));
        }
    }
}
