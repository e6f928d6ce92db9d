package dev.patchbay.plugin.llm;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks one model once. Safe for many threads. */
final class ModelCalls {
    /** Anthropic wants a number; this is what its own examples say. */
    private static final int ANTHROPIC_TOKENS_MAX = 4_096;

    private final LlmSettings settings;
    private final java.net.http.HttpClient wire;
    private final JsonMapper json = new JsonMapper();

    ModelCalls(LlmSettings settings, java.net.http.HttpClient wire) {
        this.settings = settings;
        this.wire = wire;
    }

    /** What a model is to read. */
    record Request(List<ChatMessage> messages, List<ToolSpecification> tools) {
        int tokens() {
            return TokenEstimate.REQUEST + TokenEstimate.of(messages) + TokenEstimate.ofTools(tools);
        }
    }

    /** What it answers: text, or tools to be called, or both. */
    record Answer(String text, List<ToolExecutionRequest> calls) {
        AiMessage message() {
            return AiMessage.builder()
                    .text(text.isEmpty() ? null : text)
                    .toolExecutionRequests(calls)
                    .build();
        }
    }

    /**
     * Asks.
     *
     * @param key empty if there is none
     * @param out gets each piece of text as it comes
     * @throws ModelTrouble if there is no whole answer
     */
    Answer ask(String model, String key, Request request, Consumer<String> out, Meter meter)
            throws ModelTrouble, InterruptedException {
        var listener = new Listener(out);
        var exchange = new ModelExchange(wire, settings.provider(), json, listener::hasBroken);
        try {
            model(model, key, exchange)
                    .chat(
                            ChatRequest.builder()
                                    .messages(request.messages())
                                    .toolSpecifications(request.tools())
                                    .build(),
                            listener);
        } catch (RuntimeException refused) {
            listener.onError(refused);
        }
        meter.spent(spent(exchange, request, listener));
        listener.rethrowOfSink();
        exchange.refuseTrouble();
        return listener.answer();
    }

    /** As the server says, else as we reckon; nothing if it did not even begin. */
    private static Tokens spent(ModelExchange exchange, Request request, Listener listener) {
        if (!exchange.hasBegun()) {
            return Tokens.NONE;
        }
        Tokens reported = exchange.reported();
        return new Tokens(
                reported.input() > 0 ? reported.input() : request.tokens(),
                reported.output() > 0 ? reported.output() : TokenEstimate.of(listener.text()));
    }

    private StreamingChatModel model(String name, String key, ModelExchange exchange) {
        @Nullable
        Integer tokensMax =
                settings.maxTokens().isPresent() ? settings.maxTokens().getAsInt() : null;
        return switch (settings.provider()) {
            case OPENAI -> {
                // OpenAI itself refuses the old name with its newer models, everybody else knows only that.
                boolean isOfficial = settings.baseUrl().equals(Provider.OPENAI.official());
                yield OpenAiStreamingChatModel.builder()
                        .httpClientBuilder(new Plug(exchange))
                        .baseUrl(settings.baseUrl())
                        .apiKey(key.isEmpty() ? null : key)
                        .modelName(name)
                        .temperature(settings.temperature())
                        .maxTokens(isOfficial ? null : tokensMax)
                        .maxCompletionTokens(isOfficial ? tokensMax : null)
                        .build();
            }
            case ANTHROPIC ->
                AnthropicStreamingChatModel.builder()
                        .httpClientBuilder(new Plug(exchange))
                        .baseUrl(settings.baseUrl())
                        .apiKey(key.isEmpty() ? "none" : key)
                        .modelName(name)
                        .temperature(settings.temperature())
                        .maxTokens(Objects.requireNonNullElse(tokensMax, ANTHROPIC_TOKENS_MAX))
                        .build();
            case OLLAMA ->
                OllamaStreamingChatModel.builder()
                        .httpClientBuilder(new Plug(exchange))
                        .baseUrl(settings.baseUrl())
                        .modelName(name)
                        .temperature(settings.temperature())
                        .numPredict(tokensMax)
                        .numCtx(settings.contextTokens())
                        .customHeaders(
                                key.isEmpty() ? java.util.Map.of() : java.util.Map.of("Authorization", "Bearer " + key))
                        .build();
        };
    }

    /** Takes the pieces as the library has read them. */
    private static final class Listener implements StreamingChatResponseHandler {
        private final Consumer<String> out;
        private final StringBuilder text = new StringBuilder();
        private @Nullable ChatResponse response;
        private @Nullable Throwable trouble;
        private @Nullable RuntimeException ofSink;

        Listener(Consumer<String> out) {
            this.out = out;
        }

        @Override
        public void onPartialResponse(String piece) {
            if (ofSink != null) {
                return;
            }
            text.append(piece);
            try {
                out.accept(piece);
            } catch (RuntimeException over) {
                // The library would log it and go on.
                ofSink = over;
            }
        }

        @Override
        public void onCompleteResponse(ChatResponse complete) {
            response = complete;
        }

        @Override
        public void onError(Throwable error) {
            if (trouble == null) {
                trouble = error;
            }
        }

        String text() {
            return text.toString();
        }

        /** Whether the rest of the answer is of no use. */
        boolean hasBroken() {
            return ofSink != null || trouble != null;
        }

        void rethrowOfSink() {
            if (ofSink != null) {
                throw ofSink;
            }
        }

        Answer answer() throws ModelTrouble {
            if (trouble != null || response == null) {
                // Without its message: it may quote what was said.
                String what = trouble == null ? "" : " (" + trouble.getClass().getSimpleName() + ")";
                throw new ModelTrouble(ModelTrouble.Kind.PASSING, "the model's answer cannot be understood" + what);
            }
            var calls = new ArrayList<ToolExecutionRequest>();
            for (ToolExecutionRequest each : response.aiMessage().toolExecutionRequests()) {
                boolean isNamed = each.id() != null && !each.id().isBlank();
                boolean hasArguments =
                        each.arguments() != null && !each.arguments().isBlank();
                calls.add(ToolExecutionRequest.builder()
                        .id(isNamed ? each.id() : "call_" + (calls.size() + 1))
                        .name(Objects.requireNonNullElse(each.name(), ""))
                        .arguments(hasArguments ? each.arguments() : "{}")
                        .build());
            }
            return new Answer(text(), calls);
        }
    }

    /** Hands the library our way out. */
    private record Plug(ModelExchange exchange) implements HttpClientBuilder {
        @Override
        public Duration connectTimeout() {
            return Duration.ofSeconds(10);
        }

        @Override
        public HttpClientBuilder connectTimeout(Duration timeout) {
            return this;
        }

        @Override
        public Duration readTimeout() {
            return Duration.ofDays(1);
        }

        @Override
        public HttpClientBuilder readTimeout(Duration timeout) {
            return this;
        }

        @Override
        public HttpClient build() {
            return exchange;
        }
    }
}
