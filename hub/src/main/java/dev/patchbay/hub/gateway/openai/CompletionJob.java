package dev.patchbay.hub.gateway.openai;

import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.RpcException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One completion that was taken on. One thread runs it, once; any may give it up. */
public final class CompletionJob {
    private final Completion completion;
    private final boolean stream;
    private final Work work;
    private @Nullable Thread runner;
    private boolean givenUp;

    /** Waits for the answer. */
    @FunctionalInterface
    interface Work {
        Completion.Result await() throws RpcException, InterruptedException;
    }

    CompletionJob(Completion completion, boolean stream, Work work) {
        this.completion = completion;
        this.stream = stream;
        this.work = work;
    }

    /** Whether the answer is wanted in pieces. */
    public boolean isStream() {
        return stream;
    }

    /** The piece before all others, as JSON. */
    public byte[] begin() {
        return completion.begin();
    }

    /** A piece of the answer, as JSON. */
    public byte[] piece(String text) {
        return completion.piece(text);
    }

    /** The answer in one, as JSON. */
    public byte[] whole(Completion.Result result) {
        return completion.whole(result);
    }

    /** What follows the pieces, as JSON: the end, and usage if it was asked for. */
    public List<byte[]> rest(Completion.Result result) {
        return completion.includeUsage()
                ? List.of(completion.end(), completion.usage(result))
                : List.of(completion.end());
    }

    /**
     * Waits for the answer.
     *
     * @throws RpcException if there is none
     */
    public Completion.Result run() throws RpcException {
        try {
            enter();
            return work.await();
        } catch (InterruptedException stopped) {
            throw RpcException.of(ErrorCode.SHUTTING_DOWN, "given up before there was an answer");
        } finally {
            leave();
        }
    }

    /** The client has gone: a turn of which nothing is kept ends, one of a session goes on without us. Must not block. */
    public synchronized void giveUp() {
        givenUp = true;
        if (runner != null) {
            runner.interrupt();
        }
    }

    private synchronized void enter() throws InterruptedException {
        if (givenUp) {
            throw new InterruptedException("given up before it began");
        }
        runner = Thread.currentThread();
    }

    private synchronized void leave() {
        runner = null;
    }
}
