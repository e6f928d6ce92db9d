package dev.patchbay.hub.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that talk to a running hub: how they find it, what they ask, what they show. */
class AskingTest {
    @TempDir
    Path folder;

    final FakeHub hub = new FakeHub();

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void sendPrintsNothingButTheDeliveryId() {
        // Given
        hub.willAnswer("messages.send", "{\"delivery_id\":\"d-1\",\"accepted_at\":\"2026-03-01T10:00:00Z\"}");

        // When
        var seen = new CommandTrial(folder)
                .with(hub)
                .run("send", "--channel", "telegram", "--account", "ops", "--to", "-100123", "grüße 你好");

        // Then
        assertThat(seen).isEqualTo(new CommandTrial.Seen(0, "d-1\n", ""));
        var params = hub.asked("messages.send").getFirst().params();
        assertThat(params.path("channel").asText()).isEqualTo("telegram");
        assertThat(params.path("account_id").asText()).isEqualTo("ops");
        assertThat(params.path("to").asText()).isEqualTo("-100123");
        assertThat(params.path("text").asText()).isEqualTo("grüße 你好");
        assertThat(params.path("idempotency_key").asText()).isNotBlank();
        assertThat(params.has("thread_id")).isFalse();
    }

    @Test
    void sendBringsFilesFirstAndNamesThemThenWithTheButtons() throws Exception {
        // Given
        hub.willAnswer("messages.send", "{\"delivery_id\":\"d-1\"}");
        Files.writeString(folder.resolve("a report.png"), "bytes");

        // When
        var seen = new CommandTrial(folder)
                .with(hub)
                .run(
                        "send",
                        "--channel",
                        "c",
                        "--to",
                        "p",
                        "--file",
                        "a report.png",
                        "--button",
                        "Yes=/y=1",
                        "--button",
                        "no",
                        "x");

        // Then
        assertThat(seen).isEqualTo(new CommandTrial.Seen(0, "d-1\n", ""));
        var upload = hub.asked("POST /attachments").getFirst().params();
        assertThat(upload.path("name").asText()).isEqualTo("a report.png");
        assertThat(upload.path("type").asText()).isEqualTo("image/png");
        assertThat(upload.path("body").asText()).isEqualTo("bytes");
        var params = hub.asked("messages.send").getFirst().params();
        assertThat(params.path("attachments").toString())
                .isEqualTo("[{\"url\":\"attachment:1\",\"name\":\"a report.png\",\"media_type\":\"image/png\"}]");
        assertThat(params.path("buttons").toString())
                .isEqualTo("[{\"text\":\"Yes\",\"data\":\"/y=1\"},{\"text\":\"no\",\"data\":\"no\"}]");
    }

    @Test
    void aFileThatIsMissingOrTooLargeIsSaidAndNothingIsSent() throws Exception {
        // Given
        Files.writeString(folder.resolve("large"), "x".repeat(1_001));

        // When
        var missing =
                new CommandTrial(folder).with(hub).run("send", "--channel", "c", "--to", "p", "--file", "none", "x");
        var large =
                new CommandTrial(folder).with(hub).run("send", "--channel", "c", "--to", "p", "--file", "large", "x");

        // Then
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err()).contains("none cannot be read");
        assertThat(large.code()).isEqualTo(1);
        assertThat(large.err()).contains("a file is at most 1000 bytes");
        assertThat(hub.asked("messages.send")).isEmpty();
    }

    @Test
    void sendReadsLongTextsFromStandardInput() {
        // Given
        hub.willAnswer("messages.send", "{\"delivery_id\":\"d-1\"}");

        // When
        var seen =
                new CommandTrial(folder).with(hub).typing("one\ntwo\n").run("send", "--channel", "c", "--to", "p", "-");

        // Then
        assertThat(seen.code()).isZero();
        assertThat(hub.asked("messages.send").getFirst().params().path("text").asText())
                .isEqualTo("one\ntwo");
    }

    @Test
    void theAddressAndTheTokenComeFromTheConfiguration() throws Exception {
        // Given
        hub.willAnswer("agents.list", "{\"agents\":[{\"agent_id\":\"main\",\"type\":\"echo\"}]}");
        Files.createDirectories(folder.resolve("state"));
        Files.writeString(folder.resolve("state/admin-token"), FakeHub.TOKEN + "\n");
        String port = hub.url().replaceAll("\\D+127\\D+0\\D+0\\D+1:(\\d+)/", "$1");
        Files.writeString(folder.resolve("hub.yaml"), """
            hub: { data-dir: ./state }
            server: { host: 0.0.0.0, port: %s }
            """.formatted(port));

        // When
        var seen = new CommandTrial(folder)
                .run("agents", "--config", "hub.yaml", "--json", "--set", "server.host=127.0.0.1");

        // Then
        assertThat(seen.err()).isEmpty();
        assertThat(seen.out()).isEqualTo("{\"agents\":[{\"agent_id\":\"main\",\"type\":\"echo\"}]}\n");
    }

    @Test
    void theLocalTokenIsNotShownToAForeignHost() throws Exception {
        // Given
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/admin-token"), FakeHub.TOKEN + "\n");
        String elsewhere = hub.url().replace("127.0.0.1", "127.0.0.2");

        // When
        var seen = new CommandTrial(folder).with("PATCHBAY_URL", elsewhere).run("agents");

        // Then
        assertThat(seen.code()).isIn(1, 3);
        assertThat(hub.asked("agents.list")).isEmpty();
    }

    @Test
    void aWrongTokenSaysWhereItCameFrom() {
        // When
        var seen = new CommandTrial(folder)
                .with(hub)
                .with("PATCHBAY_TOKEN", "guessed-and-secret")
                .run("agents");

        // Then
        assertThat(seen.code()).isEqualTo(1);
        assertThat(seen.err()).contains("PATCHBAY_TOKEN").doesNotContain("guessed-and-secret");
    }

    @Test
    void errorsOfOtherPartsOfTheConfigurationDoNotKeepAnybodyFromAsking() throws Exception {
        // Given
        hub.willAnswer("agents.list", "{\"agents\":[]}");
        Files.writeString(folder.resolve("hub.yaml"), """
            channels: { telegram: { accounts: { default: { token: "${ONLY_THE_HUB_KNOWS}" } } } }
            delivery: { ttl: 7 }
            """);

        // When
        var seen = new CommandTrial(folder)
                .with("PATCHBAY_URL", hub.url())
                .with("PATCHBAY_CONFIG", "hub.yaml")
                .with("PATCHBAY_TOKEN", FakeHub.TOKEN)
                .run("agents");

        // Then
        assertThat(seen.code()).isZero();
    }

    @Test
    void somethingThatIsNoHubIsNamedAsSuch() {
        // When
        var seen = new CommandTrial(folder)
                .with("PATCHBAY_URL", hub.url() + "elsewhere/")
                .with("PATCHBAY_TOKEN", "x")
                .run("agents");

        // Then
        assertThat(seen.code()).isEqualTo(3);
        assertThat(seen.err()).contains("no Patchbay").contains(hub.url());
    }

    @Test
    void whatTheHubRefusesIsAFailureWithTheParameter() {
        // Given
        hub.will("messages.send", params -> {
            throw new FakeHub.Refusal(-32602, "invalid params", "{\"parameter\":\"ttl\",\"reason\":\"has no unit\"}");
        });

        // When
        var seen = new CommandTrial(folder).with(hub).run("send", "--channel", "c", "--to", "p", "--ttl", "7", "x");

        // Then
        assertThat(seen.code()).isEqualTo(1);
        assertThat(seen.err()).contains("ttl").contains("has no unit");
        assertThat(seen.out()).isEmpty();
    }

    @Test
    void anAccountThatCannotSendIsNamedWithACure() {
        // Given
        hub.will("messages.send", params -> {
            throw new FakeHub.Refusal(
                    -32602,
                    "Invalid params",
                    "{\"parameter\":\"channel\",\"reason\":\"account default of channel webhook cannot send\"}");
        });

        // When
        var seen = new CommandTrial(folder).with(hub).run("send", "--channel", "webhook", "--to", "p", "x");

        // Then
        assertThat(seen.code()).isEqualTo(1);
        assertThat(seen.err().lines())
                .hasSize(2)
                .first()
                .isEqualTo("patchbay: account default of channel webhook cannot send");
        assertThat(seen.err()).contains("callback.url").contains("`patchbay channels`");
    }

    @Test
    void statusShowsHealthAndChannelsAndADownHubIsAFailure() {
        // Given
        hub.willAnswer("channels.status", """
            {"channels":[{"channel":"webhook","account_id":"default","state":"degraded","since":"2026-03-01T10:00:00Z",
             "last_error":"refused","queued":3,"oldest_queued_ms":65000,"dead":1}]}\
            """);

        // When
        var up = new CommandTrial(folder).with(hub).run("status");
        hub.willAnswer("health", "{\"status\":\"down\",\"version\":\"1.2.3\"}");
        var down = new CommandTrial(folder).with(hub).run("status", "--json");

        // Then
        assertThat(up.code()).isZero();
        assertThat(up.out())
                .contains("ok")
                .contains("webhook")
                .contains("degraded")
                .contains("65s")
                .contains("refused");
        assertThat(down.code()).isEqualTo(1);
        assertThat(down.out())
                .contains("\"status\":\"down\"")
                .contains("\"channels\":[")
                .hasLineCount(1);
    }

    @Test
    void nothingFromTheWireSteersTheTerminal() {
        // Given
        hub.willAnswer("sessions.list", """
            {"sessions":[{"session_key":"agent:main:\\u001b]0;owned\\u0007\\nfake row","peer":{"kind":"direct","id":"4\\u009b2"}}]}\
            """);

        // When
        var seen = new CommandTrial(folder).with(hub).run("sessions");

        // Then
        assertThat(seen.out()).doesNotContain("\u001b", "\u0007", "\u009b").hasLineCount(2);
    }

    @Test
    void channelsAreRestartedByName() {
        // Given
        hub.willAnswer("channels.restart", "{}");

        // When
        var seen = new CommandTrial(folder).with(hub).run("channels", "restart", "telegram", "--account", "ops");

        // Then
        assertThat(seen.code()).isZero();
        assertThat(hub.asked("channels.restart").getFirst().params().toString())
                .isEqualTo("{\"channel\":\"telegram\",\"account_id\":\"ops\"}");
    }

    @Test
    void pairingShowsCodesAndLetsInAndOut() {
        // Given
        hub.willAnswer("pairing.list", """
            {"requests":[{"code":"K7PX2MRT","channel":"telegram","account_id":"default",\
            "peer":{"kind":"direct","id":"42"},"sender_name":"Eve\\u001b[2J"}],\
            "approved":[{"channel":"telegram","account_id":"ops","peer":{"kind":"direct","id":"7"}}]}\
            """);
        hub.willAnswer("pairing.approve", """
            {"channel":"telegram","account_id":"default","peer":{"kind":"direct","id":"42"},"sender_name":"Eve"}\
            """);
        hub.willAnswer("pairing.revoke", "{\"revoked\":true}");

        // When
        var list = new CommandTrial(folder).with(hub).run("pairing", "list");
        var json = new CommandTrial(folder).with(hub).run("pairing", "--json");
        var approved = new CommandTrial(folder).with(hub).run("pairing", "approve", "k7px 2mrt");
        var revoked = new CommandTrial(folder).with(hub).run("pairing", "revoke", "telegram", "7", "--account", "ops");

        // Then
        assertThat(list.out())
                .contains("K7PX2MRT  telegram  default  direct:42", "Eve", "direct:7")
                .doesNotContain("\u001b");
        assertThat(json.out()).startsWith("{\"requests\":[").hasLineCount(1);
        assertThat(approved.out()).isEqualTo("let in telegram default direct:42 (Eve)\n");
        assertThat(hub.asked("pairing.approve").getFirst().params().toString()).isEqualTo("{\"code\":\"k7px 2mrt\"}");
        assertThat(revoked).isEqualTo(new CommandTrial.Seen(0, "revoked telegram 7\n", ""));
        assertThat(hub.asked("pairing.revoke").getFirst().params().toString())
                .isEqualTo("{\"channel\":\"telegram\",\"account_id\":\"ops\",\"peer\":\"7\"}");
    }

    @Test
    void aCodeThatIsNotOpenIsSaidWithACure() {
        // Given
        hub.will("pairing.approve", params -> {
            throw new FakeHub.Refusal(-32004, "Not found", "{\"reason\":\"no such code is open\"}");
        });

        // When
        var seen = new CommandTrial(folder).with(hub).run("pairing", "approve", "WRONG");

        // Then
        assertThat(seen.code()).isEqualTo(1);
        assertThat(seen.err()).contains("no such code is open").hasLineCount(2);
    }

    @Test
    void whatWasSaidIsFoundAndAnIncompleteAnswerSaysSo() {
        // Given
        hub.willAnswer("memory.recall", """
            {"matches":[{"session_key":"agent:main:main","message_id":"m1","role":"user",\
            "snippet":"the **train**\\u001b[2J","timestamp":"2026-03-01T12:00:00Z","score":2.5}],"complete":false}\
            """);

        // When
        var seen = new CommandTrial(folder).with(hub).run("recall", "late", "train", "--agent", "main", "--limit", "5");

        // Then
        assertThat(seen.out()).contains("agent:main:main", "the **train**").doesNotContain("\u001b");
        assertThat(seen.err() + seen.out()).contains("not complete");
        var params = hub.asked("memory.recall").getFirst().params();
        assertThat(params.path("query").asText()).isEqualTo("late train");
        assertThat(params.path("agent_id").asText()).isEqualTo("main");
        assertThat(params.path("limit").asInt()).isEqualTo(5);
    }

    @Test
    void archivedSessionsAreAskedFor() {
        // Given
        hub.willAnswer("sessions.list", "{\"sessions\":[{\"session_key\":\"agent:main:main\",\"archive_id\":\"17\"}]}");
        hub.willAnswer("chat.history", "{\"messages\":[]}");

        // When
        var list = new CommandTrial(folder).with(hub).run("sessions", "list", "--archived");
        new CommandTrial(folder).with(hub).run("sessions", "show", "agent:main:main", "--archive", "17");

        // Then
        assertThat(list.out()).contains("ARCHIVE", "17");
        assertThat(hub.asked("sessions.list")
                        .getFirst()
                        .params()
                        .path("archived")
                        .asBoolean())
                .isTrue();
        assertThat(hub.asked("chat.history")
                        .getFirst()
                        .params()
                        .path("archive_id")
                        .asText())
                .isEqualTo("17");
    }

    @Test
    void deliveriesAreChosenByIdOrByWhatTheyHaveInCommonButNotByAccident() {
        // Given
        hub.willAnswer("deliveries.retry", "{\"count\":2}");

        // When
        var nothing = new CommandTrial(folder).with(hub).run("deliveries", "retry");
        var both = new CommandTrial(folder).with(hub).run("deliveries", "retry", "d-1", "--all");
        var some = new CommandTrial(folder)
                .with(hub)
                .run("deliveries", "retry", "--state", "dead", "--channel", "webhook");
        var one = new CommandTrial(folder).with(hub).run("deliveries", "retry", "d-1");
        var all = new CommandTrial(folder).with(hub).run("deliveries", "retry", "--all");

        // Then
        assertThat(nothing.code()).isEqualTo(2);
        assertThat(both.code()).isEqualTo(2);
        assertThat(some.out()).isEqualTo("2 to be tried again\n");
        assertThat(one.code()).isZero();
        assertThat(all.code()).isZero();
        assertThat(hub.asked("deliveries.retry").stream()
                        .map(each -> each.params().toString()))
                .containsExactly(
                        "{\"state\":\"dead\",\"channel\":\"webhook\"}", "{\"delivery_id\":\"d-1\"}", "{\"all\":true}");
    }

    @Test
    void anExportBeginsWithTheOldestMessageThoughTheHubHandsOutTheNewestFirst() {
        // Given
        hub.will(
                "chat.history",
                params -> params.has("cursor")
                        ? "{\"messages\":[{\"content\":\"1\"},{\"content\":\"2\"}]}"
                        : "{\"messages\":[{\"content\":\"3\"},{\"content\":\"4\"}],\"next_cursor\":\"c\"}");

        // When
        var seen = new CommandTrial(folder).with(hub).run("sessions", "export", "agent:main:main");

        // Then
        assertThat(seen.out())
                .isEqualTo("{\"content\":\"1\"}\n{\"content\":\"2\"}\n{\"content\":\"3\"}\n{\"content\":\"4\"}\n");
    }
}
