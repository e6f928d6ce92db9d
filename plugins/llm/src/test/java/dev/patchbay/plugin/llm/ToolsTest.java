package dev.patchbay.plugin.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.Reply;
import dev.patchbay.fakes.http.FakeServer;
import dev.patchbay.fakes.http.Faults;
import dev.patchbay.fakes.http.Response;
import dev.patchbay.fakes.model.Answer;
import dev.patchbay.fakes.model.Asked;
import dev.patchbay.fakes.model.Dialect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tools of real servers, good and bad. */
@Timeout(60)
class ToolsTest {
    @RegisterExtension
    final ModelLab lab = new ModelLab();

    @TempDir
    Path folder;

    void processTools(Map<String, Object> more) {
        var entry = new java.util.LinkedHashMap<String, Object>(
                Map.of("name", "lab", "command", ToolServerMain.command(), "timeout", "3s"));
        entry.putAll(more);
        lab.with("tools", List.of(entry));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aToolIsCalledAndTheModelGoesOnWithItsResult(Dialect dialect) throws Exception {
        // Given
        lab.with("provider", dialect.name().toLowerCase(java.util.Locale.ROOT));
        processTools(Map.of());
        lab.model.say(Answer.text("Let me see.").calling("lab_add", "{\"a\":2,\"b\":40}"), Answer.text("It is 42"));

        // When
        Reply reply = lab.ask("What is 2 + 40?");

        // Then
        assertThat(ModelLab.text(reply)).isEqualTo("Let me see.\n\nIt is 42").isEqualTo(String.join("", lab.shown));
        assertThat(reply.inputTokens()).isEqualTo(22);
        Asked first = lab.model.asked().getFirst();
        assertThat(first.tools()).contains("lab_add", "lab_environment");
        assertThat(first.request().body().text().replaceAll("\\s", "")).contains("\"minimum\":1");
        assertThat(lab.model.asked().getLast().lastToolResult()).isEqualTo("42");
    }

    @Test
    void theProcessSeesPathAndHomeAndWhatIsConfiguredAndNothingElse() throws Exception {
        // Given
        processTools(Map.of("env", Map.of("LAB_TOKEN", "x")));
        lab.model.say(Answer.call("lab_environment", "{}"));

        // When
        lab.ask("Go");

        // Then
        Set<String> seen = Set.of(lab.model.asked().getLast().lastToolResult().split(","));
        assertThat(seen).contains("LAB_TOKEN", "PATH").isSubsetOf("LAB_TOKEN", "PATH", "HOME");
    }

    @ParameterizedTest
    @CsvSource({
        "lab_die, has failed",
        "lab_hang, has not answered within",
        "lab_flood, it says more than anybody can read",
        "lab_lie, Error:",
        "lab_fail, Error: this went wrong",
        "lab_none, Error: there is no tool lab_none"
    })
    void whateverAToolServerDoesCostsTheOneCallAndTheModelIsTold(String tool, String told) throws Exception {
        // Given
        processTools(Map.of());
        lab.model.say(Answer.call(tool, "{}"), Answer.call("lab_add", "{\"a\":1,\"b\":1}"), Answer.text("Never mind"));

        // When
        Reply reply = lab.ask("Go");

        // Then
        assertThat(ModelLab.text(reply)).isEqualTo("Never mind");
        assertThat(lab.model.asked().get(1).lastToolResult()).contains(told);
        assertThat(lab.model.asked().get(2).lastToolResult()).isEqualTo("2");
    }

    @Test
    void anAnswerOfAMillionCharactersIsCutToWhatFits() throws Exception {
        // Given
        lab.with("context-tokens", 2_000);
        processTools(Map.of());
        lab.model.say(Answer.call("lab_big", "{}"));

        // When
        lab.ask("Go");

        // Then
        Asked last = lab.model.asked().getLast();
        assertThat(last.lastToolResult()).contains("left out").hasSizeLessThan(8_000);
        assertThat(last.request().body().length()).isLessThan(8_000 + 4_000);
    }

    @Test
    void aServerThatCannotBeStartedIsMissedByNobody() throws Exception {
        // Given
        processTools(Map.of("command", List.of("/no/such/program")));

        // When
        Reply reply = lab.ask("Go");

        // Then
        assertThat(ModelLab.text(reply)).isEqualTo("You said: Go");
        assertThat(lab.model.asked().getFirst().tools()).isEmpty();
    }

    @Test
    void aServerThatDiesAllTheTimeIsStartedTenTimesAnHour() throws Exception {
        // Given
        Path starts = folder.resolve("starts");
        processTools(Map.of("command", List.of("/bin/sh", "-c", "echo one >> " + starts)));

        // When
        for (int i = 0; i < 15; i++) {
            lab.ask("Go");
        }

        // Then
        assertThat(lab.model.asked()).hasSize(15);
        assertThat(Files.readAllLines(starts)).hasSize(10);
    }

    @Test
    void theProcessesEndWithTheAgent() throws Exception {
        // Given
        processTools(Map.of());
        Set<Long> before = children();
        lab.ask("Go");
        Set<Long> started = new TreeSet<>(children());
        started.removeAll(before);
        assertThat(started).isNotEmpty();

        // When
        lab.agent().close();

        // Then
        assertThat(started).allSatisfy(pid -> assertThat(
                        ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false))
                .isFalse());
        assertThatThrownBy(() -> lab.ask("Go")).isInstanceOf(AgentFailed.class);
    }

    private static Set<Long> children() {
        return ProcessHandle.current().descendants().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    @Test
    void aModelThatNeverStopsCallingToolsIsStopped() {
        // Given
        lab.with("memory", true);
        lab.model.otherwise(asked -> Answer.call("memory_recall", "{\"query\":\"cat\"}"));

        // Then
        assertThatThrownBy(() -> lab.ask("Go")).hasMessageContaining("more than 10 rounds of tools");
        assertThat(lab.model.asked()).hasSize(11);
        assertThat(lab.recalled).hasSize(10);
    }

    @Test
    void theMemoryIsSearchedByTheModel() throws Exception {
        // Given
        lab.with("memory", true);
        lab.model.say(Answer.call("memory_recall", "{\"query\":\"cat name\",\"limit\":3}"), Answer.text("Mia"));

        // When
        Reply reply = lab.ask("What is my cat called?");

        // Then
        assertThat(ModelLab.text(reply)).isEqualTo("Mia");
        assertThat(lab.recalled).containsExactly("cat name 3");
        assertThat(lab.model.asked().getLast().lastToolResult()).contains("my cat is called **Mia**");
    }

    @Test
    void aServerBehindHttpIsAsGoodAsAProcess() throws Exception {
        // Given
        try (FakeServer web = FakeServer.start(0, ToolsTest::mcp, new Faults())) {
            lab.with(
                    "tools",
                    List.of(Map.of(
                            "name", "web", "url", web.url() + "/mcp", "headers", Map.of("Authorization", "Bearer t"))));
            lab.model.say(Answer.call("web_add", "{\"a\":2,\"b\":2}"), Answer.text("Four"));

            // When
            Reply reply = lab.ask("2 + 2?");

            // Then
            assertThat(ModelLab.text(reply)).isEqualTo("Four");
            assertThat(lab.model.asked().getLast().lastToolResult()).isEqualTo("4");
        }
    }

    @Test
    void aServerBehindHttpThatIsAwayIsMissedByNobody() throws Exception {
        // Given
        lab.timeout = Duration.ofSeconds(8);
        lab.with("tools", List.of(Map.of("name", "web", "url", "http://127.0.0.1:1/mcp")));

        // Then
        assertThat(ModelLab.text(lab.ask("Go"))).isEqualTo("You said: Go");
    }

    private static Response mcp(dev.patchbay.fakes.http.Request request) {
        if (!request.path().equals("/mcp")
                || !request.headers().value("authorization").orElse("").equals("Bearer t")) {
            return Response.empty(404);
        }
        if (!request.method().equals("POST")) {
            return Response.empty(405);
        }
        try {
            return ToolServerMain.answer(
                            new ObjectMapper().readTree(request.body().text()))
                    .map(answer -> Response.json(200, answer))
                    .orElse(Response.empty(202));
        } catch (IOException noJson) {
            throw new UncheckedIOException(noJson);
        }
    }
}
