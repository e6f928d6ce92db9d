package dev.patchbay.hub.gateway.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.hub.lane.Lanes;
import dev.patchbay.hub.memory.HeapState;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.tenant.Visibility;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Whatever a client sends, the answer is JSON-RPC, and the fault is the client's. */
@ResourceLock("jazzer")
class RpcFuzzTest {
    private static final Set<Integer> CLIENTS_FAULT = Set.of(-32700, -32600, -32601, -32602);

    private final ObjectMapper json = new ObjectMapper();
    private final RpcMethod say = RpcMethod.named("say", Access.CHAT, "says")
            .takes(
                    RpcParameter.required("text", RpcType.name(), "what"),
                    RpcParameter.optional("n", new RpcType.Whole(1, 10), "how often"),
                    RpcParameter.optional(
                            "peer",
                            RpcType.struct(RpcParameter.required("kind", RpcType.word("a", "b"), "kind")),
                            "to whom"))
            .by(call -> out -> out.writeString(call.text("text") + " " + call.number("n", -1)));
    private final RpcMethod echo = RpcMethod.named("echo", Access.CHAT, "echoes")
            .takesAnything()
            .by(call -> out -> out.writeTree(call.tree(RpcMethod.PARAMS)));
    private final RpcEngine engine = new RpcEngine(
            new RpcRegistry(List.of(say, echo)),
            new Admission(1_000, new RateLimiter(Optional.empty(), false, System::nanoTime), HeapState.ROOMY),
            Runnable::run,
            Meters.NONE,
            new Failures(new Random(1)));
    private final RpcClient client = new RpcClient(
            new Caller("boss", Set.of(Access.ADMIN), Visibility.WHOLE),
            "test",
            true,
            new Lanes<>(Runnable::run, 100),
            Optional.empty());

    @FuzzTest(maxDuration = "10m")
    void everyTextHasAnAnswerOfJsonRpc(byte[] body) throws Exception {
        RpcAnswer answer = engine.answer(body, client);
        if (answer.isNothing()) {
            return;
        }
        JsonNode read = json.readTree(answer.json());
        if (read.isArray()) {
            assertThat(read).isNotEmpty();
            read.forEach(RpcFuzzTest::check);
        } else {
            check(read);
        }
    }

    private static void check(JsonNode one) {
        assertThat(one.path("jsonrpc").asText()).isEqualTo("2.0");
        assertThat(one.has("id")).isTrue();
        assertThat(one.has("result")).isNotEqualTo(one.has("error"));
        if (one.has("error")) {
            assertThat(one.path("error").path("code").asInt()).isIn(CLIENTS_FAULT);
        }
    }
}
