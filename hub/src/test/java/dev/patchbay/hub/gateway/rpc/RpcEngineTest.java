package dev.patchbay.hub.gateway.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.lane.Lanes;
import dev.patchbay.hub.memory.HeapState;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.tenant.Visibility;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class RpcEngineTest {
    private static final Caller BOSS = new Caller("boss", Set.of(Access.ADMIN), Visibility.WHOLE);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void depthIsBoundedWithTheOutermostBracketAsOne() throws Exception {
        // Given
        String request = "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":%s,\"id\":1}";

        // When
        String within = answer(request.formatted("[".repeat(63) + "]".repeat(63)), echo());
        String beyond = answer(request.formatted("[".repeat(64) + "]".repeat(64)), echo());

        // Then
        assertThat(within).contains("\"result\":[[");
        assertThat(beyond).contains("-32700", "at most 64 brackets");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"method\":\"echo\",\"id\":1}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":{\"a\":1,\"a\":2},\"id\":1}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"id\":1,\"x\":1,\"x\":2}",
                "[{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"id\":1,\"id\":2}]"
            })
    void aMemberThatOccursTwiceIsRefused(String request) throws Exception {
        // When
        String answer = answer(request, echo());

        // Then
        assertThat(answer).contains("-32700", "occurs twice", "\"id\":null");
    }

    @Test
    void aBatchRunsSideBySideAndIsBounded() throws Exception {
        // Given
        var all = new CountDownLatch(100);
        RpcMethod together = RpcMethod.named("together", Access.CHAT, "waits for the others")
                .by(call -> {
                    all.countDown();
                    all.await();
                    return RpcResult.NULL;
                });
        String one = "{\"jsonrpc\":\"2.0\",\"method\":\"together\",\"id\":1}";

        // When
        String hundred = answer("[" + String.join(",", Collections.nCopies(100, one)) + "]", together);
        String more = answer("[" + String.join(",", Collections.nCopies(101, one)) + "]", together);

        // Then
        assertThat(hundred.split("\"result\":null", -1)).hasSize(101);
        assertThat(more).startsWith("{").contains("-32600", "\"id\":null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                          | text      | is missing",
                "{\"text\":null}             | text      | is missing",
                "{\"text\":5}                | text      | is no text",
                "{\"text\":\" \"}            | text      | is blank",
                "{\"text\":\"x\",\"n\":11}   | n         | is no whole number from 1 to 10",
                "{\"text\":\"x\",\"n\":1.5}  | n         | is no whole number from 1 to 10",
                "{\"text\":\"x\",\"foo\":1}  | foo       | is unknown; there are [text, n, peer]",
                "{\"text\":\"x\",\"peer\":{\"kind\":\"y\"}} | peer.kind | is none of a, b",
                "[\"x\",1,{},4]              | [3]       | is one too many; there are 3",
            })
    void whatIsWrongWithAParameterIsNamed(String params, String parameter, String reason) throws Exception {
        // When
        String answer = answer("{\"jsonrpc\":\"2.0\",\"method\":\"say\",\"params\":" + params + ",\"id\":1}", say());

        // Then
        assertThat(answer)
                .contains(
                        "\"code\":-32602",
                        "\"data\":{\"parameter\":\"" + parameter + "\",\"reason\":\"" + reason + "\"}");
    }

    @Test
    void parametersComeByNameAndByPositionAndNullIsNone() throws Exception {
        // When
        String named = answer(
                "{\"jsonrpc\":\"2.0\",\"method\":\"say\",\"params\":{\"n\":null,\"text\":\"a\"},\"id\":1}", say());
        String placed = answer("{\"jsonrpc\":\"2.0\",\"method\":\"say\",\"params\":[\"a\",7],\"id\":1}", say());

        // Then
        assertThat(named).contains("\"result\":\"a -1\"");
        assertThat(placed).contains("\"result\":\"a 7\"");
    }

    @ParameterizedTest
    @CsvSource({"NO_ROOM,-32010", "UNAVAILABLE,-32010", "BAD_CURSOR,-32602", "DAMAGED,-32603"})
    void troubleOfTheStoreHasItsOwnCode(StoreException.Kind kind, int code) throws Exception {
        // Given
        RpcMethod failing = RpcMethod.named("fail", Access.CHAT, "fails").by(call -> {
            throw new StoreException(kind, "inner words");
        });

        // When
        String answer = answer("{\"jsonrpc\":\"2.0\",\"method\":\"fail\",\"id\":1}", failing);

        // Then
        assertThat(answer).contains("\"code\":" + code).doesNotContain("inner words");
    }

    @Test
    void halfASurrogatePairFromInsideDoesNotBreakTheAnswer() throws Exception {
        // Given
        RpcMethod half = RpcMethod.named("half", Access.CHAT, "answers with half a character")
                .by(call -> json -> json.writeString("a\ud83d b \ude00"));
        String faces = "x" + "\ud83d\ude00".repeat(50_000);
        RpcMethod whole = RpcMethod.named("whole", Access.CHAT, "answers with many whole ones")
                .by(call -> json -> json.writeString(faces));

        // When
        String answer = answer("{\"jsonrpc\":\"2.0\",\"method\":\"half\",\"id\":1}", half);

        String wholeOnes = answer("{\"jsonrpc\":\"2.0\",\"method\":\"whole\",\"id\":1}", whole);

        // Then
        assertThat(answer).isEqualTo("{\"jsonrpc\":\"2.0\",\"result\":\"a\\uD83D b \\uDE00\",\"id\":1}");
        assertThat(wholeOnes.equals("{\"jsonrpc\":\"2.0\",\"result\":\"" + faces + "\",\"id\":1}"))
                .isTrue();
    }

    @Test
    void theInterfaceDescribesItselfWithTheRulesThatItChecks() throws Exception {
        // Given
        RpcRegistry registry = RpcRegistry.selfDescribing("1.2.3", List.of(say()));

        // When
        String answer = text(
                engine(registry).answer(bytes("{\"jsonrpc\":\"2.0\",\"method\":\"rpc.discover\",\"id\":1}"), client()));

        // Then
        assertThat(answer)
                .contains(
                        "\"openrpc\":\"1.3.2\"",
                        "\"version\":\"1.2.3\"",
                        "\"name\":\"say\"",
                        "\"name\":\"rpc.discover\"",
                        "\"x-scope\":\"chat\"",
                        "\"maximum\":10");
    }

    private static RpcMethod echo() {
        return RpcMethod.named("echo", Access.CHAT, "echoes")
                .takesAnything()
                .by(call -> json -> json.writeTree(call.tree(RpcMethod.PARAMS)));
    }

    private static RpcMethod say() {
        return RpcMethod.named("say", Access.CHAT, "says")
                .takes(
                        RpcParameter.required("text", RpcType.name(), "what"),
                        RpcParameter.optional("n", new RpcType.Whole(1, 10), "how often"),
                        RpcParameter.optional(
                                "peer",
                                RpcType.struct(RpcParameter.required("kind", RpcType.word("a", "b"), "kind")),
                                "to whom"))
                .by(call -> json -> json.writeString(call.text("text") + " " + call.number("n", -1)));
    }

    private String answer(String request, RpcMethod... methods) throws InterruptedException {
        return text(engine(new RpcRegistry(List.of(methods))).answer(bytes(request), client()));
    }

    private RpcEngine engine(RpcRegistry registry) {
        var admission =
                new Admission(1_000, new RateLimiter(Optional.empty(), false, System::nanoTime), HeapState.ROOMY);
        return new RpcEngine(registry, admission, threads, Meters.NONE, new Failures(RandomGenerator.getDefault()));
    }

    private RpcClient client() {
        return new RpcClient(BOSS, "test", true, new Lanes<>(threads, 100), Optional.empty());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(RpcAnswer answer) {
        return new String(answer.json(), StandardCharsets.UTF_8);
    }
}
