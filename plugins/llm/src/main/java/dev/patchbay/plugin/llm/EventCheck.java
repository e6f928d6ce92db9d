package dev.patchbay.plugin.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Locale;

/**
 * Watches the events of one answer: whether they are what they should be, whether the last one has come, and what they say about
 * tokens. For one thread.
 */
final class EventCheck {
    private static final String DONE = "[DONE]";

    private final Provider provider;
    private final JsonMapper json;
    private boolean isWhole;
    private boolean isOver;
    private long input;
    private long output;

    EventCheck(Provider provider, JsonMapper json) {
        this.provider = provider;
        this.json = json;
    }

    /** Whether nothing of the answer is missing. */
    boolean isWhole() {
        return isWhole;
    }

    /** Whether nothing comes any more. */
    boolean isOver() {
        return isOver;
    }

    /** As the server counts; zero where it has said nothing. */
    Tokens reported() {
        return new Tokens(input, output);
    }

    /**
     * Takes notice of one event.
     *
     * @return what kind of event it says that it is, empty if it says nothing
     * @throws ModelTrouble if it tells of an error, or is none
     */
    String look(String data) throws ModelTrouble {
        if (provider == Provider.OPENAI && data.equals(DONE)) {
            isWhole = true;
            isOver = true;
            return "";
        }
        JsonNode event = read(data);
        refuseError(event);
        switch (provider) {
            case OPENAI -> openAi(event);
            case ANTHROPIC -> anthropic(event);
            case OLLAMA -> ollama(event);
        }
        return event.path("type").asText("");
    }

    private JsonNode read(String data) throws ModelTrouble {
        try {
            JsonNode event = json.readTree(data);
            if (event.isObject()) {
                return event;
            }
        } catch (JsonProcessingException noJson) {
            // Said below, without what came instead: it may be anything.
        }
        throw new ModelTrouble(ModelTrouble.Kind.PASSING, "the model's server answers with something that is not JSON");
    }

    private static void refuseError(JsonNode event) throws ModelTrouble {
        JsonNode error = event.path("error");
        if (error.isMissingNode() || error.isNull()) {
            return;
        }
        String said = ErrorText.of(event);
        String kind = error.path("type").asText("") + error.path("code").asText("");
        throw new ModelTrouble(
                kind.toLowerCase(Locale.ROOT).contains("invalid") ? ModelTrouble.Kind.FINAL : ModelTrouble.Kind.PASSING,
                "the model's server breaks off with an error" + (said.isEmpty() ? "" : ": " + said));
    }

    private void openAi(JsonNode event) {
        JsonNode reason = event.path("choices").path(0).path("finish_reason");
        isWhole |= reason.isTextual() && !reason.asText().isEmpty();
        JsonNode usage = event.path("usage");
        input = Math.max(input, usage.path("prompt_tokens").asLong());
        output = Math.max(output, usage.path("completion_tokens").asLong());
    }

    private void anthropic(JsonNode event) {
        isWhole |= event.path("type").asText().equals("message_stop");
        isOver |= isWhole;
        JsonNode start = event.path("message").path("usage");
        JsonNode delta = event.path("usage");
        for (JsonNode usage : new JsonNode[] {start, delta}) {
            input = Math.max(
                    input,
                    usage.path("input_tokens").asLong()
                            + usage.path("cache_creation_input_tokens").asLong()
                            + usage.path("cache_read_input_tokens").asLong());
            output = Math.max(output, usage.path("output_tokens").asLong());
        }
    }

    private void ollama(JsonNode event) {
        isWhole |= event.path("done").asBoolean();
        isOver |= isWhole;
        input = Math.max(input, event.path("prompt_eval_count").asLong());
        output = Math.max(output, event.path("eval_count").asLong());
    }
}
