package dev.patchbay.hub.agent.http;

import static dev.patchbay.hub.agent.http.FakeAgentServer.Script.answer;
import static dev.patchbay.hub.agent.http.FakeAgentServer.Script.json;
import static dev.patchbay.hub.agent.http.FakeAgentServer.Script.raw;
import static dev.patchbay.hub.agent.http.FakeAgentServer.Script.untilClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.agent.TurnResult.Failed;
import dev.patchbay.hub.agent.TurnResult.Failed.Kind;
import dev.patchbay.hub.agent.Turns;
import dev.patchbay.hub.agent.http.FakeAgentServer.Script;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A service that hangs, lies, cuts off or floods costs its own turn only. */
@Timeout(60)
class HttpAgentTroubleContractTest {
    private static final int ELEVEN_MB = 11 * 1024 * 1024;

    @RegisterExtension
    final FakeAgentServer server = new FakeAgentServer();

    @RegisterExtension
    final HttpAgentFixture agent = new HttpAgentFixture();

    static Stream<Arguments> troubles() {
        return Stream.of(
                trouble("500", answer("500 Oops", "text/plain", "a stack"), "status 500"),
                trouble("404", answer("404 Not Found", "application/json", "{\"text\":\"no\"}"), "status 404"),
                trouble(
                        "a redirect",
                        raw("HTTP/1.1 307 Away", "Location: http://127.0.0.1:1/", "Content-Length: 0", ""),
                        "status 307"),
                trouble("HTML", answer("200 OK", "text/html", "<p>Hello"), "Content-Type"),
                trouble("no type", raw("HTTP/1.1 200 OK", "Content-Length: 2", "hi"), "Content-Type"),
                trouble("garbage", json("Hello"), "no JSON"),
                trouble("half a JSON", json("{\"text\":\"Hel"), "no JSON"),
                trouble("a JSON and a half", json("{\"text\":\"Hello\"}{"), "no JSON"),
                trouble("the same key twice", json("{\"text\":\"a\",\"text\":\"b\"}"), "no JSON"),
                trouble("deep JSON", json("{\"text\":\"a\",\"x\":" + "[".repeat(65) + "]".repeat(65) + "}"), "no JSON"),
                trouble("a list", json("[]"), "no object"),
                trouble("nothing", json(""), "no object"),
                trouble("no text", json("{\"reply\":\"Hello\"}"), "one of text, messages and silent"),
                trouble("two answers", json("{\"text\":\"a\",\"silent\":true}"), "one of text, messages and silent"),
                trouble("a number for text", json("{\"text\":7}"), "text is no text"),
                trouble("messages of texts", json("{\"messages\":[\"Hello\"]}"), "no objects"),
                trouble(
                        "101 messages",
                        json("{\"messages\":[" + "{\"text\":\"x\"},".repeat(100) + "{\"text\":\"x\"}]}"),
                        "100"),
                trouble(
                        "invalid UTF-8",
                        answer("200 OK", "text/plain", new byte[] {'H', (byte) 0xC3, '('}),
                        "no UTF-8"),
                trouble("an unknown charset", answer("200 OK", "text/plain; charset=klingon", "Qapla'"), "charset"),
                trouble("JSON in UTF-16", answer("200 OK", "application/json; charset=UTF-16", "{}"), "not in UTF-8"),
                trouble(
                        "gzip",
                        raw(
                                "HTTP/1.1 200 OK",
                                "Content-Type: text/plain",
                                "Content-Encoding: gzip",
                                "Content-Length: 2",
                                "hi"),
                        "coding"),
                trouble("no answer", wire -> wire.socket().close(), "without an answer"),
                trouble(
                        "no HTTP",
                        wire -> {
                            wire.send("Hello?\r\n\r\n");
                            wire.socket().close();
                        },
                        "without an answer"),
                trouble(
                        "a body cut short",
                        wire -> {
                            wire.send(
                                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nHello");
                            wire.socket().close();
                        },
                        "in the middle"),
                trouble(
                        "11 MB announced",
                        raw("HTTP/1.1 200 OK", "Content-Type: text/plain", "Content-Length: " + ELEVEN_MB, ""),
                        "10 MB"),
                trouble("11 MB of text", untilClose("text/plain", "x".repeat(ELEVEN_MB)), "10 MB"),
                trouble("11 MB in one line", untilClose("application/x-ndjson", "x".repeat(ELEVEN_MB)), "10 MB"),
                trouble("lines without done", untilClose("application/x-ndjson", ""), "says done"),
                trouble(
                        "a line that reports an error",
                        untilClose("application/x-ndjson", "{\"error\":\"x\"}\n{\"done\":true}\n"),
                        "reported"),
                trouble("events without DONE", untilClose("text/event-stream", ": hi\n\n"), "[DONE]"),
                trouble("DONE that no blank line ends", untilClose("text/event-stream", "data: [DONE]\n"), "[DONE]"));
    }

    private static Arguments trouble(String name, Script script, String reason) {
        return Arguments.of(name, script, reason);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("troubles")
    void whatIsNoAnswerFailsTheTurnAndShowsNothing(String name, Script script, String reason) throws Exception {
        // Given
        server.first(script);

        // When
        TurnResult bad = agent.at(server).run("Hi");
        List<String> shown = List.copyOf(agent.shown);
        TurnResult next = agent.run("Hi again");

        // Then
        assertThat(failed(bad).kind()).isEqualTo(Kind.FAILED);
        assertThat(failed(bad).reason())
                .startsWith("agent main: ")
                .contains(reason)
                .doesNotContain("in-the-query", "a stack");
        assertThat(failed(bad).peerText()).isEmpty();
        assertThat(shown).isEmpty();
        assertThat(next).isInstanceOf(TurnResult.Answered.class);
        assertThat(server.calls).hasSize(2);
    }

    static Stream<Arguments> halfStreams() {
        return Stream.of(
                trouble(
                        "cut",
                        wire -> {
                            wire.chunked("application/x-ndjson");
                            wire.chunk("{\"delta\":\"Half \"}\n");
                            wire.socket().close();
                        },
                        "in the middle"),
                trouble(
                        "ended early",
                        wire -> {
                            wire.chunked("application/x-ndjson");
                            wire.chunk("{\"delta\":\"Half \"}\n");
                            wire.send("0\r\n\r\n");
                        },
                        "says done"),
                trouble(
                        "garbage later",
                        wire -> {
                            wire.chunked("text/event-stream");
                            wire.chunk("data: {\"delta\":\"Half \"}\n\ndata: {\"delta\":\"an\n\n");
                            wire.awaitHangUp();
                        },
                        "no JSON"),
                trouble(
                        "too much later",
                        wire -> {
                            wire.chunked("application/x-ndjson");
                            wire.chunk("{\"delta\":\"Half \"}\n");
                            wire.chunk("x".repeat(ELEVEN_MB));
                            wire.awaitHangUp();
                        },
                        "10 MB"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("halfStreams")
    void halfAStreamIsAFailureAfterWhatWasShown(String name, Script script, String reason) throws Exception {
        // Given
        server.always(script);

        // When
        TurnResult result = agent.at(server).with("retries", 3).run("Hi");

        // Then
        assertThat(failed(result).reason()).contains(reason);
        assertThat(agent.shown).containsExactly("Half ");
        assertThat(server.calls).hasSize(1);
    }

    @Test
    void aConnectionThatIsResetInTheMiddleFailsTheTurn() throws Exception {
        // Given
        server.always(wire -> {
            wire.chunked("application/x-ndjson");
            wire.chunk("{\"delta\":\"Half \"}\n");
            agent.firstShown.await();
            wire.reset();
        });

        // When
        TurnResult result = agent.at(server).run("Hi");

        // Then
        assertThat(failed(result).reason()).contains("in the middle");
        assertThat(agent.shown).containsExactly("Half ");
    }

    static Stream<Arguments> hangs() {
        return Stream.of(
                Arguments.of("before the answer", (Script) wire -> {}),
                Arguments.of("in the headers", (Script) wire -> wire.send("HTTP/1.1 200 OK\r\nContent-Ty")),
                Arguments.of("in the body", (Script) wire ->
                        wire.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nHello")),
                Arguments.of("in the stream", (Script) wire -> {
                    wire.chunked("text/event-stream");
                    wire.chunk("data: {\"delta\":\"Half \"}\n\n");
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hangs")
    void aServiceThatHangsIsLeftAtTheTimeoutAndItsConnectionClosed(String name, Script before) throws Exception {
        // Given
        server.always(wire -> {
            before.play(wire);
            wire.awaitHangUp();
        });

        // When
        TurnResult result = agent.at(server).timeout(Duration.ofMillis(300)).run("Hi");

        // Then
        assertThat(failed(result).kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(server.isLeft()).isTrue();
    }

    @Test
    void aServiceThatDripsIsLeftAtTheTimeoutAndNothingIsShownAfterwards() throws Exception {
        // Given
        server.always(wire -> {
            wire.chunked("application/x-ndjson");
            while (!server.release.await(20, TimeUnit.MILLISECONDS)) {
                wire.chunk("{\"delta\":\"drip \"}\n");
            }
        });

        // When
        TurnResult result = agent.at(server).timeout(Duration.ofMillis(400)).run("Hi");
        int shownAtTheEnd = agent.shown.size();
        assertThat(server.isLeft()).isTrue();

        // Then
        assertThat(failed(result).kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(agent.shown).hasSize(shownAtTheEnd);
    }

    @Test
    void interruptingTheCallerEndsTheCall() throws Exception {
        // Given
        var asked = new CountDownLatch(1);
        var hungUp = new CountDownLatch(1);
        server.always(wire -> {
            asked.countDown();
            wire.awaitHangUp();
            hungUp.countDown();
        });
        var agents = agent.at(server).agents();
        var thrown = new AtomicReference<Throwable>();
        Thread caller = Thread.startVirtualThread(() -> {
            try {
                agents.run("main", Turns.turn("Hi"), agent.shown::add);
            } catch (Throwable stop) {
                thrown.set(stop);
            }
        });
        asked.await();

        // When
        caller.interrupt();
        caller.join();

        // Then
        assertThat(thrown).hasValueMatching(InterruptedException.class::isInstance);
        assertThat(hungUp.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aSessionWhoseServiceHangsHoldsBackNoOther() throws Exception {
        // Given
        var asked = new CountDownLatch(1);
        server.first(wire -> {
            asked.countDown();
            server.release.await();
        });
        var agents = agent.at(server).agents();
        Thread hanging = Thread.startVirtualThread(() -> {
            try {
                agents.run("main", Turns.turn("Hi"), piece -> {});
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
        asked.await();

        // When
        var answered = new AtomicInteger();
        var callers = new ArrayList<Thread>();
        for (int i = 0; i < 100; i++) {
            callers.add(Thread.startVirtualThread(() -> {
                try {
                    if (agents.run("main", Turns.turn("Hi"), piece -> {}) instanceof TurnResult.Answered) {
                        answered.incrementAndGet();
                    }
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread each : callers) {
            each.join();
        }

        // Then
        assertThat(answered.get()).isEqualTo(100);
        assertThat(hanging.isAlive()).isTrue();
        hanging.interrupt();
        hanging.join();
    }

    @Test
    void aServiceThatIsNotThereIsAFailure() throws Exception {
        // Given: a port that is taken by somebody who does not listen
        try (var deaf = new Socket()) {
            deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = deaf.getLocalPort();

            // When
            TurnResult result =
                    agent.with("url", "http://127.0.0.1:" + port + "/reply").run("Hi");

            // Then
            assertThat(failed(result).reason())
                    .isEqualTo("agent main: the service at 127.0.0.1:" + port + " cannot be reached");
        }
    }

    @Test
    void aFailedCallIsRepeatedOnlyAsOftenAsTheSettingSays() throws Exception {
        // Given
        server.first(answer("503 Busy", "text/plain", ""), wire -> wire.socket().close());

        // When
        TurnResult once = agent.at(server).with("retries", 1).run("Hi");
        int callsOfTheFirst = server.calls.size();
        TurnResult twice = agent.run("Hi");

        // Then
        assertThat(failed(once).reason()).contains("without an answer");
        assertThat(callsOfTheFirst).isEqualTo(2);
        assertThat(twice).isInstanceOf(TurnResult.Answered.class);
        assertThat(server.calls)
                .extracting(call -> call.headers().get("x-patchbay-message-id"))
                .containsOnly("m-1");
    }

    @Test
    void whatTheServiceMeansIsNotAskedAgain() throws Exception {
        // Given
        server.always(answer("403 Forbidden", "text/plain", ""));

        // When
        agent.at(server).with("retries", 5).run("Hi");

        // Then
        assertThat(server.calls).hasSize(1);
    }

    @Test
    void aConnectionIsUsedAgainAndACallThatItsEndSwallowedIsNotRepeatedInSecret() throws Exception {
        // Given
        server.first(json("{\"text\":\"one\"}"), wire -> wire.socket().close());

        // When
        agent.at(server).run("one");
        TurnResult two = agent.run("two");
        int callsOfBoth = server.calls.size();
        int connectionsOfBoth = server.connections.get();
        TurnResult three = agent.run("three");

        // Then
        assertThat(connectionsOfBoth).isEqualTo(1);
        assertThat(failed(two).reason()).contains("without an answer");
        assertThat(callsOfBoth).isEqualTo(2);
        assertThat(three).isInstanceOf(TurnResult.Answered.class);
    }

    private static Failed failed(TurnResult result) {
        assertThat(result).isInstanceOf(Failed.class);
        return (Failed) result;
    }
}
