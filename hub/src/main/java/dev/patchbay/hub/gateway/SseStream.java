package dev.patchbay.hub.gateway;

import dev.patchbay.hub.failpoint.Place;
import dev.patchbay.hub.gateway.rpc.EventStream;
import dev.patchbay.hub.gateway.rpc.RpcAnswer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events over one HTTP answer: each line {@code data:} is one JSON object, the answer is the last. Events come from
 * any thread; the request's own thread writes them.
 */
final class SseStream implements EventStream {
    /** A comment now and then keeps proxies from hanging up, and notices a client that has. */
    private static final long SILENCE_SECONDS = 15;

    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final HttpExchange exchange;
    private final int bytesMax;
    private final LinkedBlockingQueue<Item> waiting = new LinkedBlockingQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final CloseActions onClose = new CloseActions();
    private volatile boolean broken;

    /** An event, or the answer. */
    @SuppressWarnings("ArrayRecordComponent") // written once, never compared
    private record Item(byte[] json, @Nullable RpcAnswer answer) {}

    SseStream(HttpExchange exchange, int bytesMax) {
        this.exchange = exchange;
        this.bytesMax = bytesMax;
    }

    @Override
    public boolean send(byte[] json) {
        if (broken || bytes.addAndGet(json.length) > bytesMax) {
            broken = true;
            return false;
        }
        return waiting.add(new Item(json, null));
    }

    /** The answer, behind all events. */
    void end(RpcAnswer answer) {
        waiting.add(new Item(answer.json(), answer));
    }

    /** The end, behind all events, without an answer of its own. */
    void end() {
        end(new RpcAnswer(new byte[0], 0, 0));
    }

    /**
     * Writes until the answer has been written.
     *
     * @return the answer, if it is the first thing that came: then nothing has been written and it goes the usual way
     */
    Optional<RpcAnswer> run() throws InterruptedException {
        try {
            Item first = waiting.take();
            if (first.answer() != null) {
                return Optional.of(first.answer());
            }
            write(first);
            return Optional.empty();
        } finally {
            onClose.run();
        }
    }

    private void write(Item first) throws InterruptedException {
        try (OutputStream out = new BufferedOutputStream(exchange.stream(200, "text/event-stream"))) {
            Item next = first;
            while (true) {
                exchange.reach(Place.STREAM_BEFORE_ITEM);
                if (next == null) {
                    out.write(COMMENT);
                } else if (next.json().length > 0) {
                    bytes.addAndGet(-next.json().length);
                    out.write(DATA);
                    out.write(next.json());
                    out.write(END);
                }
                if (waiting.isEmpty()) {
                    out.flush();
                }
                if ((next != null && next.answer() != null) || broken) {
                    return;
                }
                next = waiting.poll(SILENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        } finally {
            broken = true;
        }
    }

    @Override
    public boolean awaitRoom() {
        return !broken;
    }

    @Override
    public boolean isLasting() {
        return false;
    }

    @Override
    public void onClose(Runnable action) {
        onClose.add(action);
    }
}
