package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What operators see and change while the hub runs. */
class OperatorMethodsTest extends MethodsFixture {
    @Test
    void aQueuedMessageCanBeListedTracedAndDiscarded() throws Exception {
        // When
        JsonNode sent = hub.result(
                "messages.send",
                "{\"channel\":\"Webhook\",\"to\":\"group:42\",\"text\":\"hi\",\"idempotency_key\":\"a\"}");
        JsonNode repeat = hub.result(
                "messages.send",
                "{\"channel\":\"webhook\",\"to\":\"group:42\",\"text\":\"hi\",\"idempotency_key\":\"a\"}");
        String id = sent.path("delivery_id").asText();
        JsonNode listed = hub.result("deliveries.list", "{\"state\":\"pending\",\"to\":\"group:42\"}");
        JsonNode status = hub.result("channels.status", "{}");
        JsonNode discarded = hub.result("deliveries.discard", "{\"delivery_id\":\"" + id + "\"}");
        JsonNode trace = hub.result("messages.trace", "{\"delivery_id\":\"" + id + "\"}");

        // Then
        assertThat(repeat.path("delivery_id").asText()).isEqualTo(id);
        assertThat(repeat.path("duplicate").asBoolean()).isTrue();
        JsonNode delivery = listed.path("deliveries").get(0);
        assertThat(listed.path("deliveries")).hasSize(1);
        assertThat(delivery.path("to").asText()).isEqualTo("group:42");
        assertThat(delivery.path("state").asText()).isEqualTo("pending");
        assertThat(delivery.path("remote_ids")).isEmpty();
        assertThat(delivery.path("possibly_repeated").isBoolean()).isTrue();
        assertThat(status.path("channels").get(0).path("queued").asInt()).isEqualTo(1);
        assertThat(discarded.path("count").asInt()).isEqualTo(1);
        assertThat(trace.path("steps"))
                .extracting(step -> step.path("step").asText())
                .containsExactly("queued", "discarded");
    }

    @Test
    void aStrangerIsListedApprovedByTheCodeAndRevoked() throws Exception {
        // Given
        hub.admits("anna");
        hub.admits("bert");

        // When
        JsonNode asking = hub.result("pairing.list", "{\"channel\":\"Webhook\"}");
        for (JsonNode each : asking.path("requests")) {
            hub.result("pairing.approve", "{\"code\":" + each.get("code") + "}");
        }
        JsonNode first = hub.result("pairing.list", "{\"limit\":1}");
        JsonNode second = hub.result("pairing.list", "{\"limit\":1,\"cursor\":" + first.get("next_cursor") + "}");
        boolean isIn = hub.admits("anna");
        JsonNode revoked = hub.result("pairing.revoke", "{\"channel\":\"webhook\",\"peer\":\"anna\"}");

        // Then
        JsonNode request = asking.path("requests").get(0);
        assertThat(asking.path("requests")).hasSize(2);
        assertThat(asking.path("approved")).isEmpty();
        assertThat(request.path("account_id").asText()).isEqualTo("default");
        assertThat(request.path("peer").path("kind").asText()).isEqualTo("direct");
        assertThat(request.path("expires_at").asText()).endsWith("Z");
        assertThat(first.path("approved").get(0).path("peer").path("id").asText())
                .isEqualTo("anna");
        assertThat(first.path("approved").get(0).path("approved_at").asText()).endsWith("Z");
        assertThat(second.path("approved").get(0).path("peer").path("id").asText())
                .isEqualTo("bert");
        assertThat(second.has("next_cursor")).isFalse();
        assertThat(isIn).isTrue();
        assertThat(revoked.path("revoked").asBoolean()).isTrue();
        assertThat(hub.admits("anna")).isFalse();
    }

    @Test
    void aKindInToIsPartOfTheChoiceAndABareIdMeansEveryKind() throws Exception {
        // Given
        for (String to : List.of("group:42", "direct:42", "43")) {
            hub.result("messages.send", "{\"channel\":\"webhook\",\"to\":\"" + to + "\",\"text\":\"x\"}");
        }

        // When
        JsonNode all = hub.result("deliveries.list", "{\"all\":true}");
        JsonNode bare = hub.result("deliveries.list", "{\"to\":\"42\"}");
        JsonNode group = hub.result("deliveries.list", "{\"to\":\"group:42\"}");
        JsonNode channel = hub.result("deliveries.discard", "{\"to\":\"channel:42\"}");
        JsonNode direct = hub.result("deliveries.discard", "{\"to\":\"dm:42\"}");
        JsonNode left = hub.result("deliveries.list", "{\"state\":\"pending\"}");

        // Then
        assertThat(all.path("deliveries")).hasSize(3);
        assertThat(bare.path("deliveries")).hasSize(2);
        assertThat(group.path("deliveries")).hasSize(1);
        assertThat(channel.path("count").asInt()).isZero();
        assertThat(direct.path("count").asInt()).isEqualTo(1);
        assertThat(left.path("deliveries"))
                .extracting(each -> each.path("to").asText())
                .containsExactly("43", "group:42");
    }

    @Test
    void anAnsweredMessageAndAFailedOneCanBeTraced() throws Exception {
        // Given
        String answered = hub.result("chat.send", "[\"x\"]").path("message_id").asText();
        JsonNode failure = hub.call("chat.send", "{\"text\":\"x\",\"agent_id\":\"broken\"}");
        String failed = failure.path("error").path("data").path("message_id").asText();

        // When
        JsonNode good = hub.result("messages.trace", "{\"message_id\":\"" + answered + "\"}");
        JsonNode bad = hub.result("messages.trace", "{\"message_id\":\"" + failed + "\"}");

        // Then
        assertThat(good.path("steps"))
                .extracting(step -> step.path("step").asText())
                .containsExactly("accepted", "answered");
        assertThat(bad.path("steps"))
                .extracting(step -> step.path("step").asText())
                .containsExactly("accepted", "failed");
    }

    @Test
    void bindingsAreSetExplainedAndReset() throws Exception {
        // When
        JsonNode set = hub.result(
                "bindings.set", "{\"bindings\":[{\"agent\":\"broken\",\"match\":{\"channel\":\"webhook\"}}]}");
        JsonNode explained =
                hub.result("bindings.explain", "{\"channel\":\"webhook\",\"peer\":{\"kind\":\"direct\",\"id\":\"1\"}}");
        JsonNode reset = hub.result("bindings.reset", "{}");
        JsonNode listed = hub.result("bindings.list", "{}");
        int status = hub.doors
                .rpc(HubBehindDoors.request("bindings.reset", "{}", 1), TestGateway.OPERATE)
                .statusCode();

        // Then
        assertThat(set.path("source").asText()).isEqualTo("api");
        assertThat(explained.path("agent_id").asText()).isEqualTo("broken");
        assertThat(explained.path("tier").asText()).isEqualTo("channel");
        assertThat(explained.path("binding").path("match").path("channel").asText())
                .isEqualTo("webhook");
        assertThat(explained.path("considered")).hasSize(1);
        assertThat(reset.path("bindings")).isEmpty();
        assertThat(reset.path("source").asText()).isEqualTo("file");
        assertThat(listed).isEqualTo(reset);
        assertThat(status).isEqualTo(403);
    }

    @Test
    void pluginsAreChangedByAdminsOnlyAndRefusalsSayWhy() throws Exception {
        // When
        JsonNode install = hub.call("plugins.install", "{\"path\":\"/nowhere/x.jar\"}");
        JsonNode reloaded = hub.result("plugins.reload", "{\"plugin_id\":\"webhook\"}");
        int unknown = hub.error("plugins.reload", "{\"plugin_id\":\"nobody\"}");
        JsonNode shipped = hub.call("plugins.remove", "{\"plugin_id\":\"webhook\"}");
        JsonNode removed = hub.result("plugins.remove", "{\"plugin_id\":\"matrix\"}");
        int missing = hub.error("plugins.remove", "{\"plugin_id\":\"nobody\"}");

        // Then
        assertThat(install.path("error").path("code").asInt()).isEqualTo(-32602);
        assertThat(install.path("error").path("data").path("parameter").asText())
                .isEqualTo("path");
        assertThat(install.path("error").path("data").path("reason").asText()).contains("/nowhere/x.jar");
        assertThat(reloaded.path("plugin").path("state").asText()).isEqualTo("running");
        assertThat(unknown).isEqualTo(-32004);
        assertThat(shipped.path("error").path("data").path("reason").asText()).contains("comes with the hub");
        assertThat(removed.path("removed").asBoolean()).isTrue();
        assertThat(missing).isEqualTo(-32004);
    }

    @Test
    void theHubShowsItselfAndMovesItsChannels() throws Exception {
        // When
        JsonNode agents = hub.result("agents.list", "{}");
        JsonNode plugins = hub.result("plugins.list", "{}");
        JsonNode health = hub.result("health", "{}");
        JsonNode check = hub.result("config.check", "{}");
        JsonNode document = hub.result("rpc.discover", "{}");
        hub.result("channels.pause", "{\"channel\":\"WEBHOOK\"}");
        hub.result("channels.resume", "{\"channel\":\"webhook\",\"account_id\":\"default\"}");

        // Then
        assertThat(agents.path("agents"))
                .extracting(each -> each.path("agent_id").asText())
                .containsExactly("main", "broken");
        assertThat(agents.path("agents").get(0).path("timeout").asText()).isEqualTo("20s");
        assertThat(plugins.path("plugins").get(0).path("plugin_id").asText()).isEqualTo("webhook");
        assertThat(health.path("parts").has("store")).isTrue();
        assertThat(check.path("ok").asBoolean()).isTrue();
        assertThat(document.path("methods")).hasSizeGreaterThan(20).allSatisfy(method -> {
            assertThat(method.path("summary").asText()).isNotBlank();
            assertThat(method.path("params").isArray()).isTrue();
        });
        assertThat(hub.moves).containsExactly("pause webhook default", "resume webhook default");
    }
}
