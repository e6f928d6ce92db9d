package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Turns at given times, of the file and of the API: each time once, over kills too. */
class ScheduleScenario extends PulseFixture {
    private static final String ANNA = "webhook:default:direct:anna";

    @BeforeEach
    void prepare() throws Exception {
        agent.behave((turn, out) ->
                AgentServer.json(out, "{\"text\":\"re: " + turn.path("text").asText() + "\"}"));
    }

    @Test
    void aReminderThatWasMissedWhileDownComesOnceWithinTenSecondsOfTheStart() throws Exception {
        // Given
        start("[]");
        Instant due = Instant.now().plusSeconds(4);
        create("oven", "at", due.toString());
        hub.kill();
        Bounded.until(SOON, () -> Instant.now().isAfter(due));
        assertThat(agent.timesAsked()).isZero();

        // When
        start("[]");

        // Then
        Bounded.until(Duration.ofSeconds(10), () -> callback.texts("anna").equals(List.of("re: oven?")));
        assertThat(only("oven").has("next_run_at")).isFalse();
        assertThat(only("oven").path("last_result").asText()).isEqualTo("sent");

        // When
        hub.kill();
        start("[]");
        Bounded.pass(Duration.ofSeconds(3));

        // Then
        assertThat(callback.texts("anna")).hasSize(1);
    }

    @Test
    void aTurnThatAKillCutsIsRunAgainAndSaidOnce() throws Exception {
        // Given: the agent thinks until the hub is dead
        var dead = new CountDownLatch(1);
        agent.behave((turn, out) -> {
            boolean unused = dead.await(60, TimeUnit.SECONDS);
            AgentServer.json(out, "{\"text\":\"re: " + turn.path("text").asText() + "\"}");
        });
        start("[]");
        create("oven", "at", Instant.now().plusSeconds(4).toString());
        Bounded.until(SOON, () -> agent.timesAsked() == 1);

        // When
        hub.kill();
        dead.countDown();
        start("[]");

        // Then
        Bounded.until(SOON, () -> callback.texts("anna").equals(List.of("re: oven?")));
        assertThat(agent.timesAsked()).isEqualTo(2);
    }

    @Test
    void killedAgainAndAgainEachTimeIsSaidAtMostOnce() throws Exception {
        // Given: the text that is answered counts up, so that each turn says something of its own
        start("[{ name: often, every: 1s, agent: main, text: tick, deliver: \"" + ANNA + "\" }]");

        // When
        for (int i = 0; i < 5; i++) {
            int before = callback.received().size();
            Bounded.until(SOON, () -> callback.received().size() > before + 1);
            hub.kill();
            start("[{ name: often, every: 1s, agent: main, text: tick, deliver: \"" + ANNA + "\" }]");
        }
        Bounded.until(SOON, () -> open() == 0);

        // Then: what was said is what stands in the transcript, but for marked repeats; more is said while we look
        int said = callback.received().size();
        long repeated = rpc.markedDeliveries();
        long lines = rpc.all("chat.history", "messages", "session_key", "agent:main:schedule:often").stream()
                .filter(each -> each.path("role").asText().equals("assistant"))
                .count();
        assertThat((long) said).isLessThanOrEqualTo(lines + repeated);
    }

    @Test
    void thoseOfTheFileAreNotTheApisToTakeAway() throws Exception {
        // Given
        start("[{ name: morning, cron: \"0 9 * * *\", zone: Europe/Berlin, agent: main, text: \"Plan my day\" }]");

        // Then
        assertThat(only("morning").path("source").asText()).isEqualTo("config");
        assertThat(only("morning").path("next_run_at").asText()).endsWith("0:00Z");
        refused("there is a schedule of this name", "schedules.create", "name", "morning", "text", "x", "every", "1h");
        refused("configuration file", "schedules.delete", "name", "morning");
        refused("exactly one", "schedules.create", "name", "a", "text", "x", "every", "1h", "cron", "0 9 * * *");
        refused("five fields", "schedules.create", "name", "a", "text", "x", "cron", "0 9 * * * *");
        refused("is over", "schedules.create", "name", "a", "text", "x", "at", "2020-01-01T00:00:00Z");

        // When
        create("tea", "every", "1h");
        hub.kill();
        start("[]");

        // Then
        assertThat(only("tea").path("source").asText()).isEqualTo("api");
        assertThat(rpc.call("schedules.delete", "name", "tea").path("deleted").asBoolean())
                .isTrue();
        assertThat(rpc.call("schedules.list").path("schedules")).isEmpty();
    }

    private void refused(String why, String method, Object... params) {
        assertThatThrownBy(() -> rpc.call(method, params)).isInstanceOfSatisfying(Rpc.RpcError.class, error -> {
            assertThat(error.code).isEqualTo(-32602);
            assertThat(error.data.path("reason").asText()).contains(why);
        });
    }

    private void create(String name, String when, String time) throws Exception {
        rpc.call("schedules.create", "name", name, "text", name + "?", "deliver", ANNA, when, time);
    }

    private JsonNode only(String name) throws Exception {
        JsonNode all = rpc.call("schedules.list").path("schedules");
        assertThat(all).hasSize(1);
        assertThat(all.get(0).path("name").asText()).isEqualTo(name);
        return all.get(0);
    }

    private long open() throws Exception {
        return rpc.all("deliveries.list", "deliveries").stream()
                .filter(each -> List.of("pending", "sending")
                        .contains(each.path("state").asText()))
                .count();
    }

    private void start(String schedules) throws Exception {
        start("timeout: 60s", schedules);
    }
}
