package dev.patchbay.hub.agent.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An agent's service on loopback that can misbehave in every way a socket allows. */
final class FakeAgentServer implements AfterEachCallback {
    final List<Call> calls = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger connections = new AtomicInteger();
    /** Opens at the end of the test. */
    final CountDownLatch release = new CountDownLatch(1);

    private final List<CountDownLatch> ended = Collections.synchronizedList(new ArrayList<>());
    private final ServerSocket server;
    private final Deque<Script> next = new ArrayDeque<>();
    private Script always = Script.json("{\"text\":\"ok\"}");

    /** One request as it came. Header names in lower case. */
    record Call(String line, Map<String, String> headers, String body) {}

    /** What the service does with one request. Returning leaves the connection open for the next one. */
    interface Script {
        void play(Wire wire) throws IOException, InterruptedException;

        static Script json(String body) {
            return answer("200 OK", "application/json", body);
        }

        static Script answer(String status, String contentType, String body) {
            return answer(status, contentType, body.getBytes(StandardCharsets.UTF_8));
        }

        static Script answer(String status, String contentType, byte[] body) {
            return wire -> {
                wire.send("HTTP/1.1 " + status + "\r\nContent-Type: " + contentType + "\r\nContent-Length: "
                        + body.length + "\r\n\r\n");
                wire.send(body);
            };
        }

        /** Exactly this; the last line is the body. */
        static Script raw(String... lines) {
            var head = String.join("\r\n", Arrays.copyOf(lines, lines.length - 1));
            return wire -> wire.send(head + "\r\n\r\n" + lines[lines.length - 1]);
        }

        /** A body that ends with the connection. */
        static Script untilClose(String contentType, String body) {
            return wire -> {
                wire.send("HTTP/1.1 200 OK\r\nContent-Type: " + contentType + "\r\nConnection: close\r\n\r\n" + body);
                wire.socket().close();
            };
        }
    }

    /** The open connection, for the script. */
    record Wire(Socket socket, InputStream in, OutputStream out) {
        void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.UTF_8));
        }

        void send(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        void chunked(String contentType) throws IOException {
            send("HTTP/1.1 200 OK\r\nContent-Type: " + contentType + "\r\nTransfer-Encoding: chunked\r\n\r\n");
        }

        void chunk(String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            send(Integer.toHexString(bytes.length) + "\r\n");
            send(bytes);
            send("\r\n");
        }

        /** Ends the connection with RST instead of FIN. */
        void reset() throws IOException {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            socket.close();
        }

        /** Waits until the other side has gone. */
        void awaitHangUp() {
            try {
                while (in.read() >= 0) {
                    // What still comes is of no interest.
                }
            } catch (IOException gone) {
                // A reset is a hang-up too.
            }
        }
    }

    FakeAgentServer() {
        try {
            server = new ServerSocket(0, 2_000, InetAddress.getLoopbackAddress());
        } catch (IOException noPort) {
            throw new IllegalStateException(noPort);
        }
        Thread.ofVirtual().name("fake-agent-accept").start(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/reply?key=in-the-query";
    }

    /** Waits until the other side has left every connection, also one that it left before it had asked. */
    boolean isLeft() throws InterruptedException {
        for (CountDownLatch each : List.copyOf(ended)) {
            if (!each.await(10, TimeUnit.SECONDS)) {
                return false;
            }
        }
        return true;
    }

    /** Plays these once each, in order, before the one that is played always. */
    synchronized void first(Script... scripts) {
        next.addAll(List.of(scripts));
    }

    synchronized void always(Script script) {
        always = script;
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        release.countDown();
        server.close();
    }

    private synchronized Script script() {
        Script one = next.poll();
        return one == null ? always : one;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                var end = new CountDownLatch(1);
                ended.add(end);
                Thread.ofVirtual().name("fake-agent").start(() -> {
                    serve(socket);
                    end.countDown();
                });
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var wire = new Wire(socket, new BufferedInputStream(socket.getInputStream()), socket.getOutputStream());
            while (!socket.isClosed()) {
                Call call = read(wire.in());
                if (call == null) {
                    return;
                }
                calls.add(call);
                script().play(wire);
            }
        } catch (IOException | InterruptedException over) {
            // The other side hung up, or the test is over.
        }
    }

    private static @Nullable Call read(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int each = in.read();
            if (each < 0) {
                return null;
            }
            head.write(each);
        }
        String[] lines = head.toString(StandardCharsets.ISO_8859_1).split("\r\n", -1);
        var headers = new TreeMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.put(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip());
            }
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Call(lines[0], headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }
}
