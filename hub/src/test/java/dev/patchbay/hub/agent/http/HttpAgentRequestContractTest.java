package dev.patchbay.hub.agent.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Peer;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.agent.Turns;
import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.attachment.TestFiles;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a service is asked, and what an operator may configure. */
@Timeout(60)
class HttpAgentRequestContractTest {
    private static final JsonMapper JSON = new JsonMapper();

    @RegisterExtension
    final FakeAgentServer server = new FakeAgentServer();

    @RegisterExtension
    final HttpAgentFixture agent = new HttpAgentFixture();

    final HttpAgentPlugin plugin =
            new HttpAgentPlugin(Clock.systemUTC(), Thread.ofVirtual().factory(), TestFiles.nowhere());

    @Test
    void aStoredFileBecomesALinkThatOpensWithoutAToken(@TempDir Path folder) throws Exception {
        // Given
        AttachmentDesk files = TestFiles.in(folder);
        files.reachedAt(URI.create("http://127.0.0.1:8080/"));
        Attachment kept = files.keep(InputStream.nullInputStream(), "image/png", "cat.png");
        Turn bare = Turns.turn("look");

        // When
        agent.keeping(files)
                .at(server)
                .agents()
                .run(
                        "main",
                        new Turn(
                                bare.messageId(),
                                bare.sessionKey(),
                                bare.agentId(),
                                bare.channel(),
                                bare.accountId(),
                                bare.peer(),
                                bare.sender(),
                                "look",
                                List.of(kept, new Attachment("geo:1,2", null, null)),
                                bare.history()),
                        piece -> {});

        // Then
        JsonNode attachments =
                new JsonMapper().readTree(server.calls.getFirst().body()).path("attachments");
        String link = attachments.get(0).path("url").asText();
        assertThat(link).startsWith("http://127.0.0.1:8080/attachments/").contains("&sig=");
        assertThat(files.inward(new Attachment(link, null, null))).isEqualTo(kept);
        assertThat(attachments.get(1).path("url").asText()).isEqualTo("geo:1,2");
    }

    @Test
    void theServiceGetsTheWholeTurn() throws Exception {
        // Given
        var said = List.of(
                new Turn.Line("user", "Hi", Instant.parse("2026-03-01T10:00:00Z")),
                new Turn.Line("assistant", "Hello", Instant.parse("2026-03-01T10:00:01Z")));
        var limits = new ArrayList<Integer>();
        var turn = new Turn(
                "m-7",
                "agent:main:telegram:direct:42",
                "main",
                "telegram",
                "default",
                Peer.direct("42"),
                null,
                "Grüße 你好",
                List.of(new Attachment("http://127.0.0.1/cat.png", "image/png", null)),
                limit -> {
                    limits.add(limit);
                    return said;
                });

        // When
        agent.at(server).agents().run("main", turn, agent.shown::add);

        // Then
        FakeAgentServer.Call call = server.calls.getFirst();
        assertThat(call.line()).isEqualTo("POST /reply?key=in-the-query HTTP/1.1");
        assertThat(call.headers())
                .containsEntry("x-patchbay-message-id", "m-7")
                .containsEntry("content-type", "application/json")
                .doesNotContainKeys("webhook-signature", "upgrade");
        assertThat(JSON.readTree(call.body())).isEqualTo(JSON.readTree("""
            {"message_id":"m-7","session_key":"agent:main:telegram:direct:42","agent_id":"main","channel":"telegram",
             "account_id":"default","peer":{"kind":"direct","id":"42"},"sender":null,"text":"Grüße 你好",
             "attachments":[{"url":"http://127.0.0.1/cat.png","media_type":"image/png","name":null}],
             "history":[{"role":"user","content":"Hi","timestamp":"2026-03-01T10:00:00Z"},
                        {"role":"assistant","content":"Hello","timestamp":"2026-03-01T10:00:01Z"}]}\
            """));
        assertThat(limits).containsExactly(20);
    }

    @Test
    void theHistoryIsAsLongAsTheSettingSays() throws Exception {
        // Given
        var limits = new ArrayList<Integer>();
        Turn turn = Turns.turn("Hi", limit -> {
            limits.add(limit);
            return List.of();
        });

        // When
        agent.at(server).with("history-limit", 3).agents().run("main", turn, agent.shown::add);

        // Then
        assertThat(limits).containsExactly(3);
    }

    @Test
    void aHistoryTooLargeForOneCallLosesItsOldestLines() throws Exception {
        // Given
        var large = new Turn.Line("user", "x".repeat(4_000_000), Instant.EPOCH);
        Turn turn = Turns.turn("Hi", limit -> List.of(large, large, large));

        // When
        agent.at(server).agents().run("main", turn, agent.shown::add);

        // Then
        JsonNode body = JSON.readTree(server.calls.getFirst().body());
        assertThat(body.get("history")).hasSize(2);
    }

    @Test
    void halfOfASurrogatePairInAMessageCostsNoTurn() throws Exception {
        // When
        agent.at(server).run("broken \uD83D emoji");

        // Then
        assertThat(JSON.readTree(server.calls.getFirst().body()).get("text").textValue())
                .isEqualTo("broken ? emoji");
    }

    @Test
    void aCallIsSignedIfThereIsASecret() throws Exception {
        // Given
        String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

        // When
        agent.at(server).with("secret", secret).run("Hi");

        // Then
        FakeAgentServer.Call call = server.calls.getFirst();
        byte[] key = StandardWebhookSigner.key(secret).orElseThrow();
        assertThat(call.headers())
                .containsEntry("webhook-id", "m-1")
                .containsEntry("webhook-timestamp", "1767225600")
                .containsEntry(
                        "webhook-signature",
                        new StandardWebhookSigner(key, Clock.systemUTC())
                                .signature("m-1", 1_767_225_600, call.body().getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({
        "'', url is missing",
        "127.0.0.1:9000, url is no URL",
        "ftp://127.0.0.1/, url is neither http nor https",
        "file:///etc/passwd, url is neither http nor https",
        "http:///reply, url names no host",
        "http://me:hunter2@127.0.0.1/, 'url holds a user or a password, which would not be sent'"
    })
    void anAddressThatCannotWorkIsAProblemWithACure(String url, String problem) {
        // Given
        var settings = Settings.of(Map.of("url", url));

        // When
        List<SettingProblem> problems = plugin.check(settings);

        // Then
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().key() + " " + problems.getFirst().message())
                .isEqualTo(problem);
        assertThatThrownBy(() -> plugin.open("main", settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(problem)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aSecretThatIsNoBase64IsAProblem() {
        // Given
        var settings = Settings.of(Map.of("url", "http://127.0.0.1:9000/reply", "secret", "not base64!"));

        // When, Then
        assertThat(plugin.check(settings)).extracting(SettingProblem::key).containsExactly("secret");
    }

    @Test
    void theSchemaIsJsonAndNamesEverySetting() throws Exception {
        // When
        JsonNode schema = JSON.readTree(plugin.settingsSchema());

        // Then
        assertThat(schema.get("properties").fieldNames())
                .toIterable()
                .containsExactly("url", "secret", "history-limit", "retries");
    }
}
