package dev.patchbay.fakes.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * HTTP/1.1 on 127.0.0.1, a virtual thread per connection, over bare sockets so that it can also behave badly. Keep-alive,
 * bodies with a length and in chunks; no TLS, no compression.
 */
public final class FakeServer implements AutoCloseable {
    private static final int BODY_BYTES_MAX = 64 * 1024 * 1024;
    private static final int CONNECTIONS_MAX = 20_000;

    private final ServerSocket listener;
    private final Handler handler;
    private final Faults faults;
    private final Map<Socket, Thread> open = new ConcurrentHashMap<>();
    private final AtomicLong accepted = new AtomicLong();
    private volatile boolean closed;

    private FakeServer(ServerSocket listener, Handler handler, Faults faults) {
        this.listener = listener;
        this.handler = handler;
        this.faults = faults;
    }

    /**
     * Starts to listen.
     *
     * @param port 0 for any free one
     * @throws UncheckedIOException if the port is taken
     */
    public static FakeServer start(int port, Handler handler, Faults faults) {
        try {
            var listener = new ServerSocket(port, 1_024, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
            var server = new FakeServer(listener, handler, faults);
            Thread.ofVirtual().name("fake-accept-" + listener.getLocalPort()).start(server::acceptAll);
            return server;
        } catch (IOException taken) {
            throw new UncheckedIOException("port " + port + ": " + taken.getMessage(), taken);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** {@code http://127.0.0.1:PORT}, no slash at its end. */
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** How many connections were ever made. */
    public long connections() {
        return accepted.get();
    }

    /** Resets every connection that is open now, as a server does that dies; new ones are welcome. */
    public void resetConnections() {
        open.forEach((socket, thread) -> {
            reset(socket);
            thread.interrupt();
        });
    }

    /**
     * Resets every connection that was made until now, and waits until no request of theirs is handled any more: what was sent over
     * them has arrived when this returns, or never will.
     *
     * @return false if the handler is still busy with one of them after this time
     */
    public boolean hangUp(Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        try (var last = new Socket(listener.getInetAddress(), port())) {
            // Connections are accepted in their order: once this one is, all before it are.
            if (!until(end, () -> open.keySet().stream().anyMatch(each -> each.getPort() == last.getLocalPort()))) {
                return false;
            }
            List<Socket> made = List.copyOf(open.keySet());
            resetConnections();
            return until(end, () -> made.stream().noneMatch(open::containsKey));
        }
    }

    private static boolean until(long end, BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            Thread.sleep(1);
        }
        return true;
    }

    /** Ends all connections and listens no more. May be called twice. */
    @Override
    public void close() {
        closed = true;
        quietly(listener);
        open.forEach((socket, thread) -> {
            quietly(socket);
            thread.interrupt();
        });
    }

    private void acceptAll() {
        while (!closed) {
            try {
                Socket socket = listener.accept();
                accepted.incrementAndGet();
                if (open.size() >= CONNECTIONS_MAX) {
                    reset(socket);
                    continue;
                }
                Thread thread = Thread.ofVirtual().name("fake-connection").unstarted(() -> serve(socket));
                open.put(socket, thread);
                thread.start();
                if (closed) {
                    quietly(socket);
                }
            } catch (IOException gone) {
                // Closed, or a connection that ended before it was taken.
                closed |= listener.isClosed();
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            // Answers are small; waiting for more to say would cost each 40 ms.
            socket.setTcpNoDelay(true);
            var connection = new Connection(socket, new BufferedInputStream(socket.getInputStream()));
            OutputStream out = socket.getOutputStream();
            var reader = new HttpReader(connection.in(), out, BODY_BYTES_MAX);
            try {
                for (Request request = reader.next(); request != null; request = reader.next()) {
                    handler.arrived(request);
                    if (!connection.play(faults.of(request), request, handler)) {
                        return;
                    }
                }
            } catch (HttpReader.BadRequest bad) {
                String head =
                        "HTTP/1.1 " + bad.status + " Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
                out.write(head.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException gone) {
            // The other side hung up, or the server closes.
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    /** Ends a connection with RST instead of FIN. */
    public static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException gone) {
            // It has ended by itself.
        }
    }

    private static void quietly(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception gone) {
            // It has ended by itself.
        }
    }
}
