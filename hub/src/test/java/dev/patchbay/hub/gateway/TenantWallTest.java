package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.api.Agent;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.tenant.Tenants;
import dev.patchbay.hub.tenant.Tenants.Account;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What one tenant owns does not exist for another: every method that there is, called by a stranger with all rights about things
 * that are there, answers as it does about things that are not.
 */
@Timeout(120)
class TenantWallTest {
    private static final Tenants TENANTS = new Tenants(
            Map.of("main", "acme", "broken", "acme", "theirs", "other"),
            Map.of(new Account("webhook", "default"), "acme", new Account("mute", "default"), "acme"),
            "main");

    /** A method about something of the owner's, and the same about something that nobody has. */
    private record Pair(String theirs, String nobodys) {}

    @TempDir
    Path folder;

    private HubBehindDoors hub;
    private final Map<String, List<Pair>> asked = new LinkedHashMap<>();

    @BeforeEach
    void open() throws Exception {
        Agent theirs = (turn, sink) -> Reply.text("theirs");
        hub = new HubBehindDoors(folder, Map.of("theirs", theirs), TENANTS);
        String message = hub.result("chat.send", "{\"text\":\"zebra one\",\"idempotency_key\":\"key-1\"}")
                .path("message_id")
                .asText();
        String delivery = hub.result(
                        "messages.send", "{\"channel\":\"webhook\",\"to\":\"zebra-peer\",\"text\":\"zebra two\"}")
                .path("delivery_id")
                .asText();
        hub.admits("zebra-stranger");
        String code = hub.result("pairing.list", "{}").at("/requests/0/code").asText();
        about("chat.send", "\"text\":\"x\",\"agent_id\":\"main\"", "\"text\":\"x\",\"agent_id\":\"gone\"");
        about(
                "chat.send",
                "\"text\":\"x\",\"session_key\":\"agent:main:main\"",
                "\"text\":\"x\",\"session_key\":\"agent:gone:main\"");
        about(
                "chat.send",
                "\"text\":\"x\",\"context\":{\"channel\":\"webhook\",\"user_id\":\"u\"}",
                "\"text\":\"x\",\"context\":{\"channel\":\"nochan\",\"user_id\":\"u\"}");
        about(
                "chat.send",
                "\"text\":\"zebra one\",\"idempotency_key\":\"key-1\"",
                "\"text\":\"zebra one\",\"idempotency_key\":\"key-2\"");
        about("chat.send_stream", "\"text\":\"x\",\"agent_id\":\"main\"", "\"text\":\"x\",\"agent_id\":\"gone\"");
        for (String method : List.of("chat.history", "chat.clear", "sessions.delete")) {
            about(method, "\"session_key\":\"agent:main:main\"", "\"session_key\":\"agent:gone:main\"");
        }
        about("sessions.list", "\"agent_id\":\"main\"", "\"agent_id\":\"gone\"");
        about(
                "messages.send",
                "\"channel\":\"webhook\",\"to\":\"p\",\"text\":\"x\"",
                "\"channel\":\"nochan\",\"to\":\"p\",\"text\":\"x\"");
        about("messages.trace", "\"message_id\":\"" + message + "\"", "\"message_id\":\"nobody\"");
        about("messages.trace", "\"delivery_id\":\"" + delivery + "\"", "\"delivery_id\":\"nobody\"");
        for (String method : List.of("deliveries.list", "deliveries.retry", "deliveries.discard")) {
            about(method, "\"delivery_id\":\"" + delivery + "\"", "\"delivery_id\":\"nobody\"");
            about(method, "\"channel\":\"webhook\"", "\"channel\":\"nochan\"");
            about(method, "\"all\":true", "\"channel\":\"nochan\"");
        }
        for (String method : List.of("channels.status", "channels.restart", "channels.pause", "channels.resume")) {
            about(method, "\"channel\":\"webhook\"", "\"channel\":\"nochan\"");
        }
        about("bindings.list", "", "");
        about(
                "bindings.explain",
                "\"channel\":\"webhook\",\"peer\":{\"kind\":\"direct\",\"id\":\"p\"}",
                "\"channel\":\"nochan\",\"peer\":{\"kind\":\"direct\",\"id\":\"p\"}");
        about("pairing.list", "\"channel\":\"webhook\"", "\"channel\":\"nochan\"");
        about("pairing.approve", "\"code\":\"" + code + "\"", "\"code\":\"NO7N0TTHERE\"");
        about(
                "pairing.revoke",
                "\"channel\":\"webhook\",\"peer\":\"zebra-peer\"",
                "\"channel\":\"nochan\",\"peer\":\"zebra-peer\"");
        String task = hub.result("tasks.create", "{\"text\":\"zebra three\"}")
                .path("task_id")
                .asText();
        about("tasks.create", "\"text\":\"x\",\"agent_id\":\"main\"", "\"text\":\"x\",\"agent_id\":\"gone\"");
        about(
                "tasks.create",
                "\"text\":\"x\",\"session_key\":\"agent:main:main\"",
                "\"text\":\"x\",\"session_key\":\"agent:gone:main\"");
        about(
                "tasks.create",
                "\"text\":\"x\",\"deliver\":\"webhook:default:direct:p\"",
                "\"text\":\"x\",\"deliver\":\"nochan:default:direct:p\"");
        about("tasks.get", "\"task_id\":\"" + task + "\"", "\"task_id\":\"nobody\"");
        about("tasks.cancel", "\"task_id\":\"" + task + "\"", "\"task_id\":\"nobody\"");
        about("tasks.list", "\"agent_id\":\"main\"", "\"agent_id\":\"gone\"");
        hub.result("schedules.create", "{\"name\":\"zebra\",\"every\":\"1d\",\"text\":\"zebra four\"}");
        about(
                "schedules.create",
                "\"name\":\"n\",\"every\":\"1d\",\"text\":\"x\",\"agent_id\":\"main\"",
                "\"name\":\"n\",\"every\":\"1d\",\"text\":\"x\",\"agent_id\":\"gone\"");
        about("schedules.delete", "\"name\":\"zebra\"", "\"name\":\"nobody\"");
        about("schedules.list", "", "");
        about("heartbeat.status", "", "");
        about("heartbeat.run", "\"agent_id\":\"main\"", "\"agent_id\":\"gone\"");
        about(
                "memory.recall",
                "\"query\":\"zebra\",\"agent_id\":\"main\"",
                "\"query\":\"zebra\",\"agent_id\":\"gone\"");
        about(
                "memory.recall",
                "\"query\":\"zebra\",\"session_key\":\"agent:main:main\"",
                "\"query\":\"zebra\",\"session_key\":\"agent:gone:main\"");
        about("events.subscribe", "", "");
        about("events.sync", "", "");
        about("agents.list", "", "");
        about("health", "", "");
        about("rpc.discover", "", "");
    }

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void everyMethodIsEitherForThoseWhoSeeAllOrShowsAStrangerNothing() throws Exception {
        // Given
        var own = new LinkedHashSet<String>();
        var whole = new LinkedHashSet<String>();
        for (JsonNode each : hub.result("rpc.discover", "{}").path("methods")) {
            (each.path("x-tenants").asText().equals("own") ? own : whole)
                    .add(each.path("name").asText());
        }

        // When, then
        assertThat(asked.keySet())
                .as("each method that says it minds tenants is tried here; add yours")
                .containsExactlyInAnyOrderElementsOf(own);
        for (String each : whole) {
            assertThat(hub.call(each, "{}", TestGateway.STRANGER)
                            .at("/error/code")
                            .asInt())
                    .as("%s concerns the whole hub", each)
                    .isEqualTo(-32003);
        }
        for (var each : asked.entrySet()) {
            for (Pair pair : each.getValue()) {
                String there = answer(each.getKey(), pair.theirs());
                String nowhere = answer(each.getKey(), pair.nobodys());
                assertThat(there).as(each.getKey() + " " + pair.theirs()).isEqualTo(nowhere);
                assertThat(there).as(each.getKey()).doesNotContain("zebra one", "zebra two", "agent:main", "acme");
            }
        }
        assertThat(hub.moves).as("nothing was moved").isEmpty();
        assertThat(hub.result("chat.history", "{\"session_key\":\"agent:main:main\"}")
                        .path("messages"))
                .as("nothing was cleared")
                .hasSize(2);
        assertThat(hub.result("deliveries.list", "{\"state\":\"pending\"}").path("deliveries"))
                .isNotEmpty();
        assertThat(hub.result("pairing.list", "{}").path("requests")).hasSize(1);
    }

    @Test
    void aStrangerHasAWholeHubOfItsOwn() throws Exception {
        // When
        JsonNode said = hub.call("chat.send", "{\"text\":\"hello\"}", TestGateway.STRANGER);
        JsonNode sessions = hub.call("sessions.list", "{}", TestGateway.STRANGER);
        JsonNode events = hub.call("events.sync", "{\"limit\":1}", TestGateway.STRANGER);
        JsonNode agents = hub.call("agents.list", "{}", TestGateway.STRANGER);

        // Then
        assertThat(said.at("/result/text").asText()).isEqualTo("theirs");
        assertThat(sessions.at("/result/sessions").findValuesAsText("session_key"))
                .containsExactly("agent:theirs:main");
        assertThat(events.at("/result/events").findValuesAsText("session_key")).containsExactly("agent:theirs:main");
        assertThat(agents.at("/result/agents").findValuesAsText("agent_id")).containsExactly("theirs");
    }

    @Test
    void aListenerHearsOfItsOwnTenantOnly() throws Exception {
        // Given
        var heard = new CopyOnWriteArrayList<String>();
        try (var _ = hub.events()
                .subscribe(
                        new Events.Filter(null, null, null, TENANTS.seenBy("other")),
                        event -> heard.add(String.valueOf(event.sessionKey())))) {
            // When
            hub.result("chat.send", "{\"text\":\"zebra\"}");
            hub.call("chat.send", "{\"text\":\"hello\"}", TestGateway.STRANGER);

            // Then
            assertThat(Set.copyOf(heard)).containsExactly("agent:theirs:main");
        }
    }

    @Test
    void theDoorsBesideJsonRpcShowAStrangerNothingEither() throws Exception {
        for (String path : List.of("/metrics", "/api/health/metrics", "/api/health/database")) {
            // When
            int stranger = hub.doors.get(path, TestGateway.STRANGER).statusCode();
            int owner = hub.doors.get(path, TestGateway.ADMIN).statusCode();

            // Then
            assertThat(stranger).as(path).isEqualTo(403);
            assertThat(owner).as(path).isEqualTo(200);
        }

        // When
        JsonNode health = HubBehindDoors.json(
                hub.doors.get("/health", TestGateway.STRANGER).body());
        JsonNode models = HubBehindDoors.json(
                hub.doors.get("/v1/models", TestGateway.STRANGER).body());
        String body = "{\"model\":\"main\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        var there =
                hub.doors.send(TestGateway.authorised(hub.doors.request("/v1/chat/completions"), TestGateway.STRANGER)
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
        var nowhere =
                hub.doors.send(TestGateway.authorised(hub.doors.request("/v1/chat/completions"), TestGateway.STRANGER)
                        .POST(HttpRequest.BodyPublishers.ofString(body.replace("main", "gone"))));

        // Then
        assertThat(health.has("parts")).isFalse();
        assertThat(models.path("data").findValuesAsText("id")).containsExactly("theirs");
        assertThat(there.statusCode()).isEqualTo(404);
        assertThat(there.body().replace("main", "gone")).isEqualTo(nowhere.body());
    }

    private void about(String method, String theirs, String nobodys) {
        asked.computeIfAbsent(method, _ -> new ArrayList<>()).add(new Pair(theirs, nobodys));
    }

    /** Without what differs from call to call, and with one name for what is there and what is not. */
    private String answer(String method, String params) throws Exception {
        return hub.call(method, "{" + params + "}", TestGateway.STRANGER)
                .toString()
                .replaceAll("\"[0-9A-HJKMNP-TV-Z]{26}(-a)?\"", "\"ID\"")
                .replaceAll("\"20[0-9TZ:.+-]+\"", "\"TIME\"")
                .replaceAll("\"cursor\":\"\\d+\"", "\"cursor\":\"N\"")
                .replaceAll("\\b(main|webhook|gone|nochan|nobody)\\b", "X")
                .replaceAll("\\b[0-9A-HJKMNP-TV-Z]{26}\\b", "X");
    }
}
