package dev.patchbay.plugin.llm;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.AgentHost;
import dev.patchbay.api.Reply;
import dev.patchbay.api.Turn;
import dev.patchbay.plugin.llm.ModelCalls.Answer;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Where turns are worked on: all that costs time and memory, made with the first turn. Safe for many threads. */
final class Workshop implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final LlmSettings settings;
    private final AgentHost host;
    private final Patience patience;
    private final SystemPrompt system;
    private final Toolbox toolbox;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("llm-http-", 0).factory());
    private final HttpClient wire;
    private final ModelLadder ladder;
    private final Past past;

    Workshop(LlmSettings settings, AgentHost host, Patience patience) {
        this.settings = settings;
        this.host = host;
        this.patience = patience;
        system = new SystemPrompt(settings);
        toolbox = new Toolbox(settings, host, System.getenv(), patience);
        wire = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(threads)
                .build();
        ladder = new ModelLadder(settings, new ModelCalls(settings, wire), patience);
        past = new Past(ladder, settings.contextTokens());
    }

    Reply answer(Turn turn, Speech speech) throws AgentFailed, InterruptedException {
        var footing = new ModelLadder.Footing(patience.nanos() + host.timeout().toNanos());
        var meter = new Meter();
        // A tool server that starts slowly, and a summary that does not come, leave time for an answer.
        Duration aside = host.timeout().dividedBy(4);
        Map<String, Tool> tools = toolbox.isEmpty() ? Map.of() : toolbox.tools(aside);
        Window window = window(turn, tools, aside, meter);
        try {
            for (int round = 0; ; round++) {
                Answer answer = ladder.ask(window.request(), speech, meter, footing);
                if (answer.calls().isEmpty()) {
                    return reply(speech.text(), meter.total());
                }
                if (round == settings.maxToolRounds()) {
                    throw failed(
                            "the model wants more than " + round + " rounds of tools (max-tool-rounds)", meter.total());
                }
                window.add(answer.message(), results(answer.calls(), tools, turn));
                speech.pause();
            }
        } catch (ModelTrouble trouble) {
            throw failed(String.valueOf(trouble.getMessage()), meter.total());
        }
    }

    private static AgentFailed failed(String reason, Tokens spent) {
        return new AgentFailed(reason, spent.input(), spent.output());
    }

    private Window window(Turn turn, Map<String, Tool> tools, Duration aside, Meter meter)
            throws AgentFailed, InterruptedException {
        List<ToolSpecification> declared =
                tools.values().stream().map(Tool::declared).toList();
        String prompt = system.text();
        int room = settings.contextTokens()
                - TokenEstimate.REQUEST
                - TokenEstimate.of(prompt)
                - TokenEstimate.ofTools(declared)
                - TokenEstimate.of(Past.LEFT_OUT)
                // The words around a summary, and the frame of each message.
                - 50;
        if (room < settings.contextTokens() / 10) {
            throw new AgentFailed("the system prompt and the tools leave no room within context-tokens "
                    + settings.contextTokens() + "; shorten them, or raise it");
        }
        UserMessage asked = new Question(host.attachments(), settings.images()).of(turn, room);
        // What tools will say has to fit, too.
        int forPast = (room - TokenEstimate.of(asked)) * (tools.isEmpty() ? 4 : 3) / 4;
        return new Window(
                settings.contextTokens(), prompt, past.of(turn, Math.max(0, forPast), aside, meter), asked, declared);
    }

    private static List<ToolExecutionResultMessage> results(
            List<ToolExecutionRequest> calls, Map<String, Tool> tools, Turn turn) throws InterruptedException {
        var results = new ArrayList<ToolExecutionResultMessage>();
        for (ToolExecutionRequest call : calls) {
            Tool tool = tools.get(call.name());
            String result = tool == null ? "Error: there is no tool " + call.name() : tool.call(call.arguments(), turn);
            results.add(ToolExecutionResultMessage.from(call, result));
        }
        return results;
    }

    private static Reply reply(String text, Tokens spent) {
        return new Reply(
                text.isBlank() ? List.of() : List.of(new Reply.Message(text, List.of())),
                spent.input(),
                spent.output());
    }

    @Override
    public void close() {
        toolbox.close();
        wire.shutdownNow();
        threads.shutdownNow();
    }
}
