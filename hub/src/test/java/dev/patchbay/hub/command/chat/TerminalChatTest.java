package dev.patchbay.hub.command.chat;

import static dev.patchbay.hub.command.FakeHub.error;
import static dev.patchbay.hub.command.FakeHub.event;
import static dev.patchbay.hub.command.FakeHub.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.hub.command.FakeHub;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Failure;
import dev.patchbay.hub.command.wire.HubAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The chat at a terminal, against a scripted hub. */
@Timeout(60)
class TerminalChatTest {
    final FakeHub hub = new FakeHub();
    final ScriptedPrompt prompt = new ScriptedPrompt();

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void aReplyIsShownWhileItIsWritten() throws Exception {
        // Given
        var wires = new LinkedBlockingQueue<FakeHub.Wire>();
        hub.onSocket("chat.send_stream", (id, params, way) -> {
            wires.add(way);
            way.send(event("{\"type\":\"chat.start\",\"message_id\":\"m1\"}"));
            way.send(event("{\"type\":\"chat.delta\",\"message_id\":\"m1\",\"delta\":\"Hel\"}"));
        });
        FutureTask<ExitCode> chat = start();

        // When
        prompt.type("hi").awaitSeen("Hel");
        FakeHub.Wire wire = wires.take();
        wire.send(event("{\"type\":\"chat.delta\",\"message_id\":\"m1\",\"delta\":\"lo\"}"));
        wire.send(event("{\"type\":\"chat.end\",\"message_id\":\"m1\",\"text\":\"Hello\"}"));
        wire.send(result(2, "{\"message_id\":\"m1\",\"stream\":true,\"session_key\":\"k\"}"));
        prompt.leave();

        // Then
        assertThat(outcome(chat)).isEqualTo(ExitCode.DONE);
        assertThat(prompt.seen()).endsWith("Hello\n");
        assertThat(hub.asked("chat.send_stream")
                        .getFirst()
                        .params()
                        .path("context")
                        .toString())
                .isEqualTo("{\"channel\":\"cli\",\"user_id\":\"anna\"}");
    }

    @Test
    void whatAModelSaysDoesNotSteerTheTerminalEvenIfItIsCutIntoPieces() throws Exception {
        // Given
        hub.onSocket("chat.send_stream", (id, params, wire) -> {
            wire.send(event("{\"type\":\"chat.start\",\"message_id\":\"m1\"}"));
            for (String piece : new String[] {"a\\u001b", "[2J\\u009b1m", "\\ud83d", "\\ude42\\r\\n", "\\u202eb"}) {
                wire.send(event("{\"type\":\"chat.delta\",\"message_id\":\"m1\",\"delta\":\"" + piece + "\"}"));
            }
            wire.send(event(
                    "{\"type\":\"chat.end\",\"message_id\":\"m1\",\"text\":\"a\\u001b[2J\\u009b1m\\ud83d\\ude42\\r"
                            + "\\n"
                            + "\\u202eb\"}"));
        });
        FutureTask<ExitCode> chat = start();

        // When
        prompt.type("x").awaitSeen("b\n");
        prompt.leave();

        // Then
        assertThat(outcome(chat)).isEqualTo(ExitCode.DONE);
        assertThat(prompt.seen()).endsWith("a␛[2J\ufffd1m🙂\n\ufffdb\n");
    }

    @Test
    void aFailedTurnIsSaidAndTheChatGoesOn() throws Exception {
        // Given
        hub.onSocket("chat.send_stream", (id, params, wire) -> wire.send(error(id, -32009, "agent timed out")));
        FutureTask<ExitCode> chat = start();

        // When
        prompt.type("x").awaitSeen("agent timed out");
        prompt.type("y");
        prompt.leave();

        // Then
        assertThat(outcome(chat)).isEqualTo(ExitCode.DONE);
        assertThat(hub.asked("chat.send_stream")).hasSize(2);
    }

    @Test
    void ctrlCStopsTheReply() throws Exception {
        // Given
        var wires = new LinkedBlockingQueue<FakeHub.Wire>();
        hub.onSocket("chat.send_stream", (id, params, way) -> {
            way.send(event("{\"type\":\"chat.start\",\"message_id\":\"m1\"}"));
            way.send(event("{\"type\":\"chat.delta\",\"message_id\":\"m1\",\"delta\":\"half\"}"));
            wires.add(way);
        });
        hub.onSocket("chat.send", (id, params, way) -> {
            wires.take()
                    .send("{\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":-32008,\"message\":\"agent failed\","
                            + "\"data\":{\"reason\":\"stopped\",\"message_id\":\"m1\"}}}");
            way.send(result(id, "{\"message_id\":\"m2\",\"text\":\"Stopped.\"}"));
        });
        FutureTask<ExitCode> chat = start();
        prompt.type("x").awaitSeen("half");

        // When
        prompt.pressCtrlC();

        // Then
        prompt.awaitSeen("(stopped)");
        prompt.leave();
        assertThat(outcome(chat)).isEqualTo(ExitCode.DONE);
        assertThat(hub.asked("chat.send").getFirst().params().path("text").asText())
                .isEqualTo("/stop");
        assertThat(prompt.seen()).doesNotContain("Stopped.");
    }

    @Test
    void ctrlCTwiceStopsWaitingAndTheReplyIsShownWhenItComes() throws Exception {
        // Given
        var wires = new LinkedBlockingQueue<FakeHub.Wire>();
        hub.onSocket("chat.send_stream", (id, params, way) -> {
            way.send(event("{\"type\":\"chat.start\",\"message_id\":\"m1\"}"));
            way.send(event("{\"type\":\"chat.delta\",\"message_id\":\"m1\",\"delta\":\"slow\"}"));
            wires.add(way);
        });
        hub.onSocket("chat.send", (id, params, way) -> {});
        FutureTask<ExitCode> chat = start();
        prompt.type("x").awaitSeen("slow");

        // When
        prompt.pressCtrlC();
        prompt.pressCtrlC();
        prompt.type("/help").awaitSeen("leave");
        wires.take().send(event("{\"type\":\"chat.end\",\"message_id\":\"m1\",\"text\":\"slow but sure\"}"));

        // Then
        prompt.awaitSeen("slow but sure");
        prompt.leave();
        assertThat(outcome(chat)).isEqualTo(ExitCode.DONE);
    }

    @Test
    void aMessageToThisPeerAppearsInBetween() throws Exception {
        // Given
        FutureTask<ExitCode> chat = start();
        prompt.awaitSeen("Connected");

        // When
        hub.tellAll(
                event(
                        "{\"type\":\"message.outbound\",\"channel\":\"cli\",\"to\":\"anna\",\"text\":\"dinner?\",\"cursor\":\"c7\"}"));

        // Then
        prompt.awaitSeen("dinner?");
        prompt.leave();
        assertThat(outcome(chat)).isEqualTo(ExitCode.DONE);
        assertThat(hub.asked("events.subscribe").getFirst().params().toString())
                .isEqualTo("{\"channel\":\"cli\",\"peer\":\"anna\"}");
    }

    @Test
    void afterABreakItConnectsAgainRepeatsWhatHasNoAnswerAndAsksForWhatItMissed() throws Exception {
        // Given
        hub.onSocket("chat.send_stream", (id, params, wire) -> {
            wire.send(event("{\"type\":\"chat.start\",\"message_id\":\"m1\",\"cursor\":\"c5\"}"));
            wire.send(event("{\"type\":\"chat.delta\",\"message_id\":\"m1\",\"delta\":\"half\"}"));
        });
        FutureTask<ExitCode> chat = start();
        prompt.type("x").awaitSeen("half");

        // When
        hub.onSocket(
                "chat.send_stream",
                (id, params, wire) -> wire.send(
                        result(id, "{\"message_id\":\"m1\",\"text\":\"half and whole\",\"duplicate\":true}")));
        hub.restart();
        prompt.awaitSeen("whole");
        prompt.leave();

        // Then
        assertThat(outcome(chat)).isEqualTo(ExitCode.DONE);
        assertThat(prompt.seen()).containsSubsequence("half", "the hub is gone", "the hub is back", " and whole");
        var said = hub.asked("chat.send_stream");
        assertThat(said).hasSize(2);
        assertThat(said.get(1).params().path("idempotency_key"))
                .isEqualTo(said.get(0).params().path("idempotency_key"));
        assertThat(hub.asked("events.subscribe")
                        .getLast()
                        .params()
                        .path("since")
                        .asText())
                .isEqualTo("c5");
    }

    @Test
    void whatWasMissedTooLongAgoIsSaid() throws Exception {
        // Given
        FutureTask<ExitCode> chat = start();
        hub.tellAll(event("{\"type\":\"message.outbound\",\"text\":\"first\",\"cursor\":\"c3\"}"));
        prompt.awaitSeen("first");
        hub.onSocket(
                "events.subscribe",
                (id, params, wire) -> wire.send(
                        params.has("since")
                                ? error(id, -32004, "the cursor is too old")
                                : result(id, "{\"cursor\":\"c9\"}")));

        // When
        hub.restart();

        // Then
        prompt.awaitSeen("may be missing");
        prompt.leave();
        assertThat(outcome(chat)).isEqualTo(ExitCode.DONE);
    }

    @Test
    void withoutAHubItDoesNotEvenBegin() {
        // Given
        hub.close();

        // When, Then
        assertThatThrownBy(() -> chat().call())
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(ExitCode.NO_HUB));
    }

    private FutureTask<ExitCode> start() {
        var task = new FutureTask<>(chat());
        Thread.ofVirtual().start(task);
        return task;
    }

    private Callable<ExitCode> chat() {
        var address = new HubAddress(URI.create(hub.url()), Optional.of(FakeHub.TOKEN), "the test", Optional.empty());
        var conversation = new Conversation(Optional.empty(), Optional.empty(), "anna");
        return () -> new TerminalChat(address, conversation, prompt).run();
    }

    private static ExitCode outcome(FutureTask<ExitCode> chat) throws Exception {
        try {
            return chat.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError(failed.getCause());
        }
    }
}
