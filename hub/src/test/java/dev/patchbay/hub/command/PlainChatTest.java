package dev.patchbay.hub.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code patchbay chat --plain}: a line in, its reply out. */
class PlainChatTest {
    @TempDir
    Path folder;

    final FakeHub hub = new FakeHub().will("chat.send", params -> "{\"text\":" + params.path("text") + "}");

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void repliesAndNothingElseComeOutInTheOrderOfTheLines() {
        // When
        var seen = new CommandTrial(folder)
                .with(hub)
                .typing("hello\r\n\n  \nwie geht’s 🙂\nlast")
                .run("chat", "--plain");

        // Then
        assertThat(seen).isEqualTo(new CommandTrial.Seen(0, "hello\nwie geht’s 🙂\nlast\n", ""));
        assertThat(hub.asked("chat.send").getFirst().params().path("context").toString())
                .isEqualTo("{\"channel\":\"cli\",\"user_id\":\"anna\"}");
    }

    @Test
    void anAgentAndASessionCanBeChosen() {
        // When
        var seen = new CommandTrial(folder)
                .with(hub)
                .typing("x\n")
                .run("chat", "--plain", "--agent", "support", "--session", "agent:support:main");

        // Then
        assertThat(seen.code()).isZero();
        var params = hub.asked("chat.send").getFirst().params();
        assertThat(params.path("agent_id").asText()).isEqualTo("support");
        assertThat(params.path("session_key").asText()).isEqualTo("agent:support:main");
        assertThat(params.has("context")).isFalse();
    }

    @Test
    void tenThousandLinesFlow() {
        // Given
        String lines =
                IntStream.range(0, 10_000).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());

        // When
        var seen = new CommandTrial(folder).with(hub).typing(lines).run("chat", "--plain");

        // Then
        assertThat(seen.out()).isEqualTo(lines);
    }

    @Test
    void aFailedTurnIsSaidOnStandardErrorAndTheNextLineIsAnswered() {
        // Given
        hub.will("chat.send", params -> {
            if (params.path("text").asText().equals("bad")) {
                throw new FakeHub.Refusal(-32008, "agent failed", "{}");
            }
            return "{\"text\":\"fine\"}";
        });

        // When
        var seen = new CommandTrial(folder).with(hub).typing("bad\ngood\n").run("chat", "--plain");

        // Then
        assertThat(seen.code()).isEqualTo(1);
        assertThat(seen.out()).isEqualTo("fine\n");
        assertThat(seen.err()).contains("line 1").contains("agent failed");
    }

    @Test
    void aHubThatAsksForPatienceGetsIt() {
        // Given
        var calls = new AtomicInteger();
        hub.will("chat.send", params -> {
            if (calls.incrementAndGet() < 3) {
                throw new FakeHub.Refusal(-32007, "rate limited", "{\"retry_after_ms\":20}");
            }
            return "{\"text\":\"there\"}";
        });

        // When
        var seen = new CommandTrial(folder).with(hub).typing("x\n").run("chat", "--plain");

        // Then
        assertThat(seen).isEqualTo(new CommandTrial.Seen(0, "there\n", ""));
        assertThat(hub.asked("chat.send").stream().map(each -> each.params().path("idempotency_key")))
                .hasSize(3)
                .containsOnly(hub.asked("chat.send").getFirst().params().path("idempotency_key"));
    }

    @Test
    void aHubThatGoesAwayIsAnErrorOfItsOwn() {
        // Given
        hub.will("chat.send", params -> {
            throw new FakeHub.Refusal(-32011, "shutting down", "{}");
        });

        // When
        var leaving = new CommandTrial(folder).with(hub).typing("x\n").run("chat", "--plain");
        hub.close();
        var gone = new CommandTrial(folder).with(hub).run("chat", "--plain");

        // Then
        assertThat(leaving.code()).isEqualTo(3);
        assertThat(gone.code()).isEqualTo(3);
        assertThat(gone.err()).contains(hub.url());
    }

    @Test
    void aSilentAgentSaysNothingAndALineBreakIsNotDoubled() {
        // Given
        hub.will(
                "chat.send",
                params -> params.path("text").asText().equals("quiet") ? "{\"text\":\"\"}" : "{\"text\":\"a\\nb\\n\"}");

        // When
        var seen = new CommandTrial(folder).with(hub).typing("quiet\nloud\n").run("chat", "--plain");

        // Then
        assertThat(seen).isEqualTo(new CommandTrial.Seen(0, "a\nb\n", ""));
    }

    @Test
    void whatAModelSaysDoesNotSteerATerminalButReachesAFileUnchanged() {
        // Given
        hub.willAnswer("chat.send", "{\"text\":\"a\\u001b[2Jb\\tc\"}");

        // When
        var terminal =
                new CommandTrial(folder).with(hub).atATerminal().typing("x\n").run("chat", "--plain");
        var file = new CommandTrial(folder).with(hub).typing("x\n").run("chat", "--plain");

        // Then
        assertThat(terminal.out()).isEqualTo("a␛[2Jb\tc\n");
        assertThat(file.out()).isEqualTo("a\u001b[2Jb\tc\n");
    }

    @Test
    void asJsonEachReplyIsOneDocument() {
        // Given
        hub.willAnswer("chat.send", "{\"message_id\":\"m\",\"text\":\"a\\nb\"}");

        // When
        var seen = new CommandTrial(folder).with(hub).typing("x\ny\n").run("chat", "--json");

        // Then
        assertThat(seen.out().lines())
                .hasSize(2)
                .allMatch(line -> line.equals("{\"message_id\":\"m\",\"text\":\"a\\nb\"}"));
    }
}
