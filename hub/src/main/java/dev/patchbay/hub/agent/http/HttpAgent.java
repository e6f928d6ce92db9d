package dev.patchbay.hub.agent.http;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.Reply;
import dev.patchbay.api.ReplySink;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.agent.wire.AnswerJson;
import dev.patchbay.hub.agent.wire.NoAnswer;
import dev.patchbay.hub.agent.wire.StreamedReply;
import dev.patchbay.hub.agent.wire.TurnJson;
import dev.patchbay.hub.attachment.AttachmentDesk;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * Asks one service. The answer is read on the turn's own thread, so an interrupt ends the call, wherever it is, and its
 * connection. Safe for many threads.
 */
final class HttpAgent implements Agent {
    private static final long PAUSE_FIRST_MILLIS = 500;
    private static final long PAUSE_MAX_MILLIS = 5_000;

    private final Endpoint endpoint;
    private final SharedHttpClient client;
    private final TurnJson turns;
    private final HttpAnswers answers;
    private final String place;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * The service.
     *
     * @param historyLimit lines of history in a call
     * @param retries further calls after a failed one, as long as nothing was shown
     */
    record Endpoint(URI url, Optional<StandardWebhookSigner> signer, int historyLimit, int retries) {}

    HttpAgent(Endpoint endpoint, SharedHttpClient client, AttachmentDesk files) {
        this.endpoint = endpoint;
        this.client = client;
        JsonMapper json = AnswerJson.strict();
        turns = new TurnJson(json, files);
        answers = new HttpAnswers(new AnswerJson(json, files));
        // Host and port only: a path or a query may hold a secret.
        place = endpoint.url().getHost()
                + (endpoint.url().getPort() < 0 ? "" : ":" + endpoint.url().getPort());
    }

    @Override
    public Reply reply(Turn turn, ReplySink sink) throws AgentFailed, InterruptedException {
        byte[] body = turns.write(turn, endpoint.historyLimit());
        long pauseMillis = PAUSE_FIRST_MILLIS;
        var usage = AnswerJson.Usage.UNKNOWN;
        for (int failures = 0; ; ) {
            var streamed = new StreamedReply(sink);
            try {
                Reply reply = call(turn, body, streamed);
                usage = usage.plus(new AnswerJson.Usage(reply.inputTokens(), reply.outputTokens()));
                return new Reply(reply.messages(), usage.inputTokens(), usage.outputTokens());
            } catch (NoAnswer trouble) {
                failures++;
                usage = usage.plus(trouble.usage());
                if (!trouble.isRepeatable() || streamed.isStarted() || failures > endpoint.retries()) {
                    throw new AgentFailed(
                            "the service at " + place + " " + trouble.getMessage(),
                            usage.inputTokens(),
                            usage.outputTokens());
                }
            }
            if (closed.await(pauseMillis, TimeUnit.MILLISECONDS)) {
                throw new AgentFailed("the agent is closed", usage.inputTokens(), usage.outputTokens());
            }
            pauseMillis = Math.min(2 * pauseMillis, PAUSE_MAX_MILLIS);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        client.leave();
    }

    private Reply call(Turn turn, byte[] body, StreamedReply streamed) throws NoAnswer, InterruptedException {
        HttpResponse<InputStream> response;
        try {
            response = client.get().send(request(turn, body), HttpResponse.BodyHandlers.ofInputStream());
        } catch (ConnectException unreachable) {
            throw NoAnswer.forNow("cannot be reached");
        } catch (SSLException untrusted) {
            throw NoAnswer.forNow("has no TLS that we trust");
        } catch (IOException cut) {
            throw NoAnswer.forNow("ended the connection without an answer");
        }
        // Closing before the end of the body closes the connection.
        try (InputStream in = response.body()) {
            return answers.read(response, in, streamed);
        } catch (IOException cut) {
            // Interrupted, the stream throws this and keeps the flag.
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw NoAnswer.forNow("ended the connection in the middle of its answer");
        }
    }

    private HttpRequest request(Turn turn, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.url())
                .header("Content-Type", "application/json")
                .header("Accept", HttpAnswers.ACCEPT)
                .header("User-Agent", "Patchbay")
                .header("X-Patchbay-Message-Id", turn.messageId())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        endpoint.signer().ifPresent(signer -> signer.sign(request, turn.messageId(), body));
        return request.build();
    }
}
