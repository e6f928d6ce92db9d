package dev.patchbay.plugin.webhook;

import com.sun.net.httpserver.Headers;
import dev.patchbay.testkit.Recorded;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A service that takes callbacks on loopback, over plain sockets so that it can also behave badly. */
final class CallbackServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Recorded<Request> requests = new Recorded<>();
    private final Queue<Manner> manners = new ConcurrentLinkedQueue<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Consumer<Request> listening = request -> {};

    /** One request, whole. */
    record Request(String line, Headers headers, String body) {
        String header(String name) {
            return headers.getFirst(name);
        }
    }

    /** How one request is treated. */
    @FunctionalInterface
    interface Manner {
        /** Returns false if the connection is to be closed. */
        boolean treat(Socket socket, OutputStream out) throws IOException, InterruptedException;
    }

    CallbackServer() {
        try {
            listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        Thread.ofVirtual().name("callback-server").start(this::acceptAll);
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/hook?a=b%20c";
    }

    int port() {
        return listener.getLocalPort();
    }

    Recorded<Request> requests() {
        return requests;
    }

    /** Tells each request as soon as it is whole. */
    void whenRequested(Consumer<Request> listener) {
        listening = listener;
    }

    /** How many connections were made. */
    int connections() {
        return accepted.get();
    }

    /** The next request is treated so; the one after that is answered 200. */
    void next(Manner manner) {
        manners.add(manner);
    }

    /** Answers with a status and further header lines, and keeps the connection. */
    static Manner status(int status, String... headers) {
        return raw(
                "HTTP/1.1 " + status + " Status\r\nContent-Length: 2\r\n"
                        + String.join(
                                "",
                                Arrays.stream(headers)
                                        .map(header -> header + "\r\n")
                                        .toList())
                        + "\r\nok",
                true);
    }

    static Manner raw(String bytes, boolean keep) {
        return (socket, out) -> {
            out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return keep;
        };
    }

    /** Reads the request and resets the connection. */
    static Manner reset() {
        return (socket, out) -> {
            socket.setSoLinger(true, 0);
            return false;
        };
    }

    /** Takes the request and says nothing until the test ends. */
    Manner silence() {
        return (socket, out) -> {
            closing.await();
            return false;
        };
    }

    /** Says this at once, then a byte whenever the other side has had time to read one, without end. */
    Manner drip(String start) {
        return (socket, out) -> {
            out.write(start.getBytes(StandardCharsets.ISO_8859_1));
            while (!closing.await(20, TimeUnit.MILLISECONDS)) {
                out.write('x');
                out.flush();
            }
            return false;
        };
    }

    @Override
    public void close() throws IOException {
        closing.countDown();
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket socket = listener.accept();
                accepted.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().name("callback-connection").start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test has ended.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            boolean goesOn = true;
            while (goesOn) {
                Request request = read(in);
                if (request == null) {
                    return;
                }
                Manner manner = manners.poll();
                requests.add(request);
                listening.accept(request);
                goesOn = (manner == null ? status(200) : manner).treat(socket, out);
            }
        } catch (IOException gone) {
            // The channel has hung up.
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    private static @Nullable Request read(InputStream in) throws IOException {
        String line = line(in);
        if (line.isEmpty()) {
            return null;
        }
        var headers = new Headers();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.add(header.substring(0, colon), header.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getFirst("Content-Length"));
        return new Request(line, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
