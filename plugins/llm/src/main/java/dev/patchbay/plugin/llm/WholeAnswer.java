package dev.patchbay.plugin.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Makes one chunk of a stream of the answer of an OpenAI-compatible server that does not stream. */
final class WholeAnswer {
    private WholeAnswer() {}

    static String asChunk(byte[] body, JsonMapper json) throws ModelTrouble {
        try {
            JsonNode answer = json.readTree(body);
            for (JsonNode each : answer.path("choices")) {
                if (each instanceof ObjectNode choice && choice.path("message") instanceof ObjectNode message) {
                    if (message.path("tool_calls") instanceof ArrayNode calls) {
                        for (int i = 0; i < calls.size(); i++) {
                            ((ObjectNode) calls.get(i)).put("index", i);
                        }
                    }
                    choice.remove("message");
                    choice.set("delta", message);
                }
            }
            return json.writeValueAsString(answer);
        } catch (IOException | ClassCastException noAnswer) {
            throw new ModelTrouble(
                    ModelTrouble.Kind.PASSING, "the model's server answers with something that is not JSON");
        }
    }
}
