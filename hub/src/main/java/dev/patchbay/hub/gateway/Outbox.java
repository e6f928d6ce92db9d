package dev.patchbay.hub.gateway;

import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What waits to be written to one socket: a bounded queue, and a thread only while it is not empty, because the server's writer
 * is for one thread and blocks on a slow reader. Safe for many threads; nothing here blocks but what is called await.
 */
final class Outbox {
    /** Frames up to this size together go out in one write. */
    private static final int TOGETHER_BYTES = 32 * 1024;

    private static final int REASON_BYTES = 120;

    private final DataWriter writer;
    private final Executor threads;
    private final int bytesMax;
    private final FailPoints failPoints;
    private final Runnable broken;
    private final ArrayDeque<Frame> waiting = new ArrayDeque<>(2);
    private long bytes;
    private boolean writing;
    private boolean closing;
    private boolean dead;

    @SuppressWarnings("ArrayRecordComponent") // written once, never compared
    private record Frame(int kind, byte[] payload) {}

    /**
     * An empty queue.
     *
     * @param bytesMax when so much waits, the next text closes the socket
     * @param broken runs when the connection cannot be written to
     */
    Outbox(DataWriter writer, Executor threads, int bytesMax, FailPoints failPoints, Runnable broken) {
        this.writer = writer;
        this.threads = threads;
        this.bytesMax = bytesMax;
        this.failPoints = failPoints;
        this.broken = broken;
    }

    /** Queues a text; false if the socket is closing, or is closed now because its reader is too slow. */
    boolean text(byte[] utf8) {
        synchronized (this) {
            if (closing || dead) {
                return false;
            }
            if (bytes < bytesMax) {
                add(new Frame(WebSocketFrames.TEXT, utf8));
                return true;
            }
            dropWaiting();
        }
        giveUp();
        return false;
    }

    /** Memory is short: who lets more than so much wait is given up. */
    void shed(long bytesMost) {
        synchronized (this) {
            if (bytes <= bytesMost) {
                return;
            }
            dropWaiting();
        }
        giveUp();
    }

    /** What waits would be read too late anyway; the word that it is over must not wait behind it. */
    private void dropWaiting() {
        waiting.forEach(each -> bytes -= each.payload().length);
        waiting.clear();
    }

    private void giveUp() {
        close(WebSocketFrames.TRY_AGAIN_LATER, "too slow: the events and answers that waited are dropped");
    }

    /** Queues a ping or pong. */
    synchronized void control(int kind, byte[] payload) {
        if (!closing && !dead) {
            add(new Frame(kind, payload));
        }
    }

    /** Queues the end, behind what waits. Later ones are ignored. */
    synchronized void close(int code, String reason) {
        if (closing || dead) {
            return;
        }
        byte[] why = reason.getBytes(StandardCharsets.UTF_8);
        int length = code == WebSocketFrames.NO_CODE ? 0 : 2 + Math.min(why.length, REASON_BYTES);
        ByteBuffer payload = ByteBuffer.allocate(length);
        if (length > 0) {
            payload.putShort((short) code).put(why, 0, length - 2);
        }
        add(new Frame(WebSocketFrames.CLOSE, payload.array()));
        closing = true;
    }

    synchronized boolean isClosing() {
        return closing || dead;
    }

    /** Nothing can be written any more. */
    synchronized void end() {
        dead = true;
        waiting.clear();
        notifyAll();
    }

    /** Waits until less than so much is queued; false if that takes too long or the socket ends. */
    synchronized boolean awaitBelow(long limit, Duration within) throws InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        while (bytes >= limit && !closing && !dead) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return !closing && !dead;
    }

    /** Waits until all is written, the end included; gives up after a while. */
    synchronized void awaitWritten(Duration within) throws InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        while (writing && !dead) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return;
            }
            wait(millis);
        }
    }

    private void add(Frame frame) {
        waiting.add(frame);
        bytes += frame.payload().length;
        if (!writing) {
            writing = true;
            threads.execute(this::write);
        }
    }

    private void write() {
        try {
            for (List<Frame> next = next(0); !next.isEmpty(); ) {
                long written = write(next);
                next = next(written);
            }
        } catch (RuntimeException brokenConnection) {
            end();
            broken.run();
        }
    }

    private synchronized List<Frame> next(long written) {
        bytes -= written;
        writing = !waiting.isEmpty() && !dead;
        notifyAll();
        if (!writing) {
            return List.of();
        }
        var next = new ArrayList<Frame>();
        long together = 0;
        while (!waiting.isEmpty()
                && (next.isEmpty() || together + waiting.peek().payload().length <= TOGETHER_BYTES)) {
            Frame frame = waiting.remove();
            together += frame.payload().length;
            next.add(frame);
        }
        return next;
    }

    private long write(List<Frame> frames) {
        long payloads = 0;
        var joined = new ByteArrayOutputStream(Math.min(frames.getFirst().payload().length, TOGETHER_BYTES) + 16);
        for (Frame each : frames) {
            byte[] payload = each.payload();
            head(each, joined);
            // A long one in pieces: a copy of the whole would be one more for each reader.
            for (int at = 0; at < payload.length; at += TOGETHER_BYTES) {
                if (joined.size() + Math.min(TOGETHER_BYTES, payload.length - at) > TOGETHER_BYTES + 16) {
                    flush(joined);
                }
                joined.write(payload, at, Math.min(TOGETHER_BYTES, payload.length - at));
            }
            payloads += payload.length;
        }
        failPoints.reach(Place.SOCKET_BEFORE_FRAMES);
        flush(joined);
        failPoints.reach(Place.SOCKET_AFTER_FRAMES);
        return payloads;
    }

    private void flush(ByteArrayOutputStream joined) {
        writer.writeNow(BufferData.create(joined.toByteArray()));
        joined.reset();
    }

    private static void head(Frame frame, ByteArrayOutputStream joined) {
        int length = frame.payload().length;
        joined.write(0x80 | frame.kind());
        if (length < 126) {
            joined.write(length);
        } else if (length < 1 << 16) {
            joined.write(126);
            joined.write(length >>> 8);
            joined.write(length);
        } else {
            joined.write(127);
            joined.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(length).array());
        }
    }
}
