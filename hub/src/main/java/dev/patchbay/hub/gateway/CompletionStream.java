package dev.patchbay.hub.gateway;

import dev.patchbay.hub.gateway.openai.Completion;
import dev.patchbay.hub.gateway.openai.CompletionJob;
import dev.patchbay.hub.gateway.openai.Completions;
import dev.patchbay.hub.gateway.openai.OpenAiError;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.Failures;
import dev.patchbay.hub.gateway.rpc.RpcException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Makes server-sent chunks of one completion. Nothing is sent before the first piece of the answer, so that a failure until then
 * has its status; a later one is an object {@code error} in place of the end.
 */
final class CompletionStream {
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private final SseStream stream;
    private final Failures failures;
    private final List<String> early = new ArrayList<>();
    private @Nullable CompletionJob job;
    private boolean begun;
    private int shown;
    private volatile @Nullable RpcException failure;

    CompletionStream(SseStream stream, Failures failures) {
        this.stream = stream;
        this.failures = failures;
    }

    /** The next piece; the turn may begin before it is known here. */
    synchronized void delta(String piece) {
        if (job == null) {
            early.add(piece);
        } else {
            show(job, piece);
        }
    }

    /**
     * Writes until the end, or until the client is gone.
     *
     * @return what went wrong when the answer had begun
     * @throws RpcException if the answer has not begun; nothing was written
     */
    Optional<RpcException> run(CompletionJob taken, Executor threads) throws RpcException, InterruptedException {
        synchronized (this) {
            job = taken;
            early.forEach(piece -> show(taken, piece));
            early.clear();
        }
        stream.onClose(taken::giveUp);
        threads.execute(() -> follow(taken));
        boolean unwritten = stream.run().isPresent();
        RpcException trouble = failure;
        if (unwritten) {
            throw trouble == null ? RpcException.of(ErrorCode.SHUTTING_DOWN, "there was no answer") : trouble;
        }
        return Optional.ofNullable(trouble);
    }

    private void follow(CompletionJob running) {
        try {
            Completion.Result result = running.run();
            end(running, result);
        } catch (RpcException failed) {
            end(failed);
        } catch (RuntimeException broken) {
            end(failures.translate(Completions.METHOD, broken));
        } finally {
            stream.end();
        }
    }

    private synchronized void end(CompletionJob running, Completion.Result result) {
        // A repeat of an earlier call has no pieces, only their sum.
        if (!begun || shown < result.text().length()) {
            show(running, result.text().substring(shown));
        }
        running.rest(result).forEach(stream::send);
        stream.send(DONE);
    }

    private synchronized void end(RpcException failed) {
        failure = failed;
        if (begun) {
            stream.send(OpenAiError.of(failed).json());
        }
    }

    private void show(CompletionJob running, String piece) {
        if (!begun) {
            begun = true;
            stream.send(running.begin());
        }
        shown += piece.length();
        if (!piece.isEmpty() && !stream.send(running.piece(piece))) {
            running.giveUp();
        }
    }
}
