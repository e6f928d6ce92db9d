package dev.patchbay.hub.gateway;

import dev.patchbay.hub.gateway.rpc.RpcLimits;
import dev.patchbay.hub.memory.ByteBudget;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.DirectHandler;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * One connection as the server sees it, with what the server lacks: a bound on the time and memory of a whole request, and on
 * a write that does not get on. The connection's own thread calls everything but {@link #check} and {@link #cut}.
 */
final class Guard implements ConnectionContext {
    /** Raw bytes of one request, chunk sizes and rejected bodies included; the server's own limit on bodies is the same. */
    static final long RAW_BYTES_MAX = 64L << 20;

    private static final int WRITE_PIECE = 64 * 1024;
    private static final byte[] TIMEOUT =
            "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final ConnectionContext server;
    private final ConnectionWatch watch;
    private final DataReader reader = new DataReader(this::read);
    private final DataWriter writer = new Writer();

    private final ByteBudget.Share memory;
    private long requestBytes;
    private volatile Phase phase = Phase.IDLE;
    private volatile long phaseSince;
    private volatile long writingSince;
    private volatile @Nullable WebSocketConnection socket;
    // Of the connection's own thread.
    private @Nullable LookAhead ahead;

    private enum Phase {
        /** Between requests. */
        IDLE,
        /** A request has begun to come in. */
        READING,
        /** The request is complete, the answer is being made and written. */
        ANSWERING
    }

    Guard(ConnectionContext server, ConnectionWatch watch) {
        this.server = server;
        this.watch = watch;
        this.memory = watch.budget().share();
        this.phaseSince = watch.now();
    }

    /** The request is in memory as far as it is wanted. */
    void requestRead() {
        enter(Phase.ANSWERING);
    }

    /** The answer is out; the next request may come. */
    void requestDone() {
        memory.close();
        requestBytes = 0;
        enter(Phase.IDLE);
    }

    /** Runs once if the client hangs up before its answer is out, or after: then it must do nothing. Must not block. */
    void whenGone(Runnable action) {
        if (ahead == null) {
            ahead = LookAhead.start(() -> server.serverSocket().get(), watch::background);
        }
        ahead.onGone(action);
    }

    /** The memory that the request's body occupies, until its answer is out. */
    ByteBudget.Share memory() {
        return memory;
    }

    /** From now on the connection is a socket, which looks after itself. */
    void upgraded(WebSocketConnection to) {
        requestDone();
        socket = to;
    }

    /** Whether a request is here whose answer is not out yet. */
    boolean isAnswering() {
        return phase == Phase.ANSWERING;
    }

    /** Called every now and then by the watch. */
    void check(long now, GatewaySettings settings) {
        WebSocketConnection upgraded = socket;
        if (upgraded != null) {
            upgraded.check(now);
            return;
        }
        long inPhase = now - phaseSince;
        long readNanos = settings.readTimeout().toNanos();
        long stalled = writingSince;
        if (phase == Phase.READING && inPhase > readNanos) {
            watch.background(() -> {
                try {
                    server.dataWriter().writeNow(BufferData.create(TIMEOUT));
                } catch (RuntimeException gone) {
                    // It would not have read it anyway.
                }
                cut();
            });
        } else if (phase == Phase.IDLE && inPhase > settings.bounds().idle().toNanos()) {
            cut();
        } else if (stalled != 0 && now - stalled > readNanos) {
            cut();
        }
    }

    /** Ends the connection from any thread; whoever reads or writes it is woken. */
    void cut() {
        try {
            server.serverSocket().close();
        } catch (UncheckedIOException alreadyClosed) {
            // Then it is what we want.
        }
    }

    private void enter(Phase next) {
        phaseSince = watch.now();
        phase = next;
    }

    private byte @Nullable [] read() {
        byte[] bytes;
        try {
            bytes = ahead == null ? server.serverSocket().get() : ahead.await();
        } catch (UncheckedIOException broken) {
            throw new ServerConnectionException("the connection broke", broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new ServerConnectionException("stopped", stopped);
        } finally {
            ahead = null;
        }
        if (bytes == null || socket != null) {
            return bytes;
        }
        if (phase == Phase.IDLE) {
            enter(Phase.READING);
        }
        requestBytes += bytes.length;
        if (requestBytes > RAW_BYTES_MAX + RpcLimits.BODY_BYTES) {
            throw refuse(Status.REQUEST_ENTITY_TOO_LARGE_413);
        }
        return bytes;
    }

    private static RequestException refuse(Status status) {
        return RequestException.builder()
                .type(DirectHandler.EventType.OTHER)
                .status(status)
                .setKeepAlive(false)
                .message(status.reasonPhrase())
                .build();
    }

    private final class Writer implements DataWriter {
        @Override
        public void write(BufferData... buffers) {
            writeNow(buffers);
        }

        @Override
        public void write(BufferData buffer) {
            writeNow(buffer);
        }

        @Override
        public void writeNow(BufferData... buffers) {
            writeNow(BufferData.create(buffers));
        }

        @Override
        public void writeNow(BufferData buffer) {
            try {
                if (buffer.available() <= WRITE_PIECE) {
                    writingSince = watch.now();
                    server.dataWriter().writeNow(buffer);
                    return;
                }
                // In pieces, so that a slow reader of a long answer can be told from one that does not read.
                while (buffer.available() > 0) {
                    writingSince = watch.now();
                    // Copied: a buffer over a part of an array writes beyond that part (FixedBufferData.writeTo).
                    byte[] piece = new byte[Math.min(WRITE_PIECE, buffer.available())];
                    buffer.read(piece, 0, piece.length);
                    server.dataWriter().writeNow(BufferData.create(piece));
                }
            } finally {
                writingSince = 0;
            }
        }
    }

    @Override
    public DataReader dataReader() {
        return reader;
    }

    @Override
    public DataWriter dataWriter() {
        return writer;
    }

    @Override
    public ListenerContext listenerContext() {
        return server.listenerContext();
    }

    @Override
    public ExecutorService executor() {
        return server.executor();
    }

    @Override
    public Router router() {
        return server.router();
    }

    @Override
    public HelidonSocket serverSocket() {
        return server.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
        return server.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return server.localPeer();
    }

    @Override
    public boolean isSecure() {
        return server.isSecure();
    }

    @Override
    public String socketId() {
        return server.socketId();
    }

    @Override
    public String childSocketId() {
        return server.childSocketId();
    }
}
