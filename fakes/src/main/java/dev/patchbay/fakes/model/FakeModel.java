package dev.patchbay.fakes.model;

import dev.patchbay.fakes.http.FakeServer;
import dev.patchbay.fakes.http.Faults;
import dev.patchbay.fakes.http.Handler;
import dev.patchbay.fakes.http.Request;
import dev.patchbay.fakes.http.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A server of language models that says what it is told to say. It understands OpenAI's {@code …/chat/completions}, Anthropic's
 * {@code …/messages} and Ollama's {@code /api/chat}. Without a script it repeats what it was told. Safe for use by many threads.
 */
public final class FakeModel implements AutoCloseable {
    private final FakeServer server;
    private final Faults faults = new Faults();
    private final Queue<Answer> script = new ArrayDeque<>();
    private final List<Asked> asked = new ArrayList<>();
    private Function<Asked, Answer> otherwise = each -> Answer.text("You said: " + each.lastUser());
    private Consumer<Asked> watcher = each -> {};

    private FakeModel(int port) {
        server = FakeServer.start(port, new Desk(), faults);
    }

    /**
     * Starts to listen on 127.0.0.1.
     *
     * @param port 0 for any free one
     */
    public static FakeModel start(int port) {
        return new FakeModel(port);
    }

    /** As {@code base-url} of every provider. */
    public String url() {
        return server.url() + "/v1";
    }

    /** Trouble below the level of answers. */
    public Faults faults() {
        return faults;
    }

    /** The next answers, one for each request, before anything else is said. */
    public synchronized void say(Answer... answers) {
        script.addAll(List.of(answers));
    }

    /** What is said when the script is at its end. */
    public synchronized void otherwise(Function<Asked, Answer> answer) {
        otherwise = answer;
    }

    /** Is told of every request. */
    public synchronized void watch(Consumer<Asked> each) {
        watcher = each;
    }

    /** Every request so far that was understood, those too that were answered with trouble. */
    public synchronized List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** How many connections were ever made. */
    public long connections() {
        return server.connections();
    }

    @Override
    public void close() {
        server.close();
    }

    private synchronized Answer answer(Asked question) {
        Answer next = script.poll();
        return next == null ? otherwise.apply(question) : next;
    }

    private synchronized void note(Asked question) {
        asked.add(question);
        watcher.accept(question);
    }

    private final class Desk implements Handler {
        @Override
        public void arrived(Request request) {
            Dialect.of(request).ifPresent(dialect -> note(Asked.of(dialect, request)));
        }

        @Override
        public Response handle(Request request) {
            Optional<Dialect> dialect = Dialect.of(request);
            if (dialect.isEmpty()) {
                return Response.json(404, "{\"error\":{\"message\":\"no such path: " + request.path() + "\"}}");
            }
            Asked question = Asked.of(dialect.get(), request);
            if (question.body().isMissingNode()) {
                return Response.json(400, "{\"error\":{\"message\":\"the body is not JSON\"}}");
            }
            return answer(question).response(question);
        }
    }
}
