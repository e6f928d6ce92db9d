package dev.patchbay.bench.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Takes callbacks as fast as it can and says who was called: keeps connections, reads bodies, answers 204. */
final class CallbackSink implements AutoCloseable {
    private static final byte[] OK = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket server = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
    private final ConcurrentHashMap<String, CountDownLatch> awaited = new ConcurrentHashMap<>();
    private final Consumer<String> texts;
    private long count;

    CallbackSink() throws IOException {
        this(unused -> {});
    }

    /** Tells the text of each callback, by whichever thread. */
    CallbackSink(Consumer<String> texts) throws IOException {
        this.texts = texts;
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/";
    }

    /** Opens when a callback with this text, which must be the only one with it, has come. */
    CountDownLatch expect(String text) {
        return awaited.computeIfAbsent(text, unused -> new CountDownLatch(1));
    }

    /** Nanoseconds from {@code since} until so many have come; gives up after ten minutes. */
    synchronized long awaitCount(long wanted, long since) throws InterruptedException {
        while (count < wanted) {
            if (System.nanoTime() - since > 600e9) {
                throw new IllegalStateException("only " + count + " of " + wanted + " callbacks came");
            }
            wait(1_000);
        }
        return System.nanoTime() - since;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                int length = readHead(in);
                if (length < 0) {
                    return;
                }
                // Before the answer: after it the next one may come through another connection.
                taken(new String(in.readNBytes(length), StandardCharsets.UTF_8));
                socket.getOutputStream().write(OK);
            }
        } catch (IOException gone) {
            // The hub closes connections as it likes.
        }
    }

    private void taken(String body) {
        int at = body.indexOf("\"text\":\"");
        String text = at < 0 ? "" : body.substring(at + 8, body.indexOf('"', at + 8));
        texts.accept(text);
        CountDownLatch waiting = awaited.remove(text);
        if (waiting != null) {
            waiting.countDown();
        }
        synchronized (this) {
            count++;
            notifyAll();
        }
    }

    private static int readHead(InputStream in) throws IOException {
        var head = new StringBuilder(256);
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            int next = in.read();
            if (next < 0) {
                return -1;
            }
            head.append((char) next);
        }
        String lower = head.toString().toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length:");
        return at < 0
                ? 0
                : Integer.parseInt(
                        lower.substring(at + 15, lower.indexOf('\r', at)).strip());
    }
}
