package dev.patchbay.hub.gateway;

import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads on while a long answer is made, so that a client that hangs up is noticed at once. What it sends meanwhile is the
 * beginning of its next request, and is kept for it.
 */
final class LookAhead {
    private final Supplier<byte @Nullable []> source;
    private final CloseActions gone = new CloseActions();
    private final CountDownLatch ended = new CountDownLatch(1);
    // Written before the latch opens, read after.
    private byte @Nullable [] bytes;
    private @Nullable RuntimeException failure;

    private LookAhead(Supplier<byte @Nullable []> source) {
        this.source = source;
    }

    /** Starts to read, once; ends with bytes, or with the connection. */
    static LookAhead start(Supplier<byte @Nullable []> source, Executor threads) {
        var ahead = new LookAhead(source);
        threads.execute(ahead::run);
        return ahead;
    }

    /** Runs once when the client has hung up; must not block. */
    void onGone(Runnable action) {
        gone.add(action);
    }

    /** What has come; null at the end of the connection. */
    byte @Nullable [] await() throws InterruptedException {
        ended.await();
        if (failure != null) {
            throw failure;
        }
        return bytes;
    }

    private void run() {
        try {
            bytes = read();
        } catch (RuntimeException broken) {
            failure = broken;
        }
        ended.countDown();
        if (bytes == null) {
            gone.run();
        }
    }

    private byte @Nullable [] read() {
        while (true) {
            try {
                return source.get();
            } catch (UncheckedIOException trouble) {
                // A client that says nothing while it waits is as it should be.
                if (!(trouble.getCause() instanceof SocketTimeoutException)) {
                    throw trouble;
                }
            }
        }
    }
}
