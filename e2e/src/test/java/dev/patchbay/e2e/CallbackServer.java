package dev.patchbay.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.fakes.http.FakeServer;
import dev.patchbay.fakes.http.Faults;
import dev.patchbay.fakes.http.Request;
import dev.patchbay.fakes.http.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** The far side of a webhook account: takes callbacks, remembers them, and answers as it is told to. */
final class CallbackServer implements AutoCloseable {
    private final FakeServer server = FakeServer.start(0, this::take, new Faults());
    private final ConcurrentLinkedQueue<Received> received = new ConcurrentLinkedQueue<>();
    private volatile Function<Received, Integer> answers = unused -> 200;

    /**
     * One callback.
     *
     * @param id the webhook-id header, the same in every attempt
     */
    record Received(String id, String peer, String text, JsonNode body) {}

    String url() {
        return server.url() + "/callback";
    }

    /** Says with which status each callback is answered, 429 with a wait of a second; 0 drops the connection after taking it. */
    void answerWith(Function<Received, Integer> status) {
        answers = status;
    }

    List<Received> received() {
        return new ArrayList<>(received);
    }

    /** Texts that this peer has got, in order. */
    List<String> texts(String peer) {
        return received.stream()
                .filter(each -> each.peer().equals(peer))
                .map(Received::text)
                .toList();
    }

    /** Remembers no more what came until now. */
    void forget() {
        received.clear();
    }

    /** Ends all connections; what was sent over them is remembered when this returns, or never will be. */
    void hangUp(Duration limit) throws IOException, InterruptedException {
        if (!server.hangUp(limit)) {
            throw new AssertionError("a callback is still being answered after " + limit);
        }
    }

    @Override
    public void close() {
        server.close();
    }

    private Response take(Request request) {
        JsonNode body = Json.read(request.body().text());
        JsonNode data = body.path("data");
        var callback = new Received(
                request.headers().value("webhook-id").orElse(""),
                data.path("to").path("id").asText(data.path("to").asText()),
                data.path("text").asText(),
                body);
        received.add(callback);
        int status = answers.apply(callback);
        return status == 429 ? Response.empty(429).with("Retry-After", "1") : Response.empty(status);
    }
}
