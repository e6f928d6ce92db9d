package dev.patchbay.bench.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Closed loop: every sender posts a webhook and waits for its callback before the next. */
final class WebhookLoad {
    private WebhookLoad() {}

    static Figures run(BenchHub hub, CallbackSink sink, int senders, Duration time) throws Exception {
        var figures = new Figures();
        long began = System.nanoTime();
        long end = began + time.toNanos();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < senders; i++) {
                int sender = i;
                all.add(threads.submit(() -> {
                    post(hub, sink, sender, end, figures);
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        return figures.within(Duration.ofNanos(System.nanoTime() - began));
    }

    private static void post(BenchHub hub, CallbackSink sink, int sender, long end, Figures figures)
            throws IOException, InterruptedException {
        try (var socket = new Socket(hub.host(), hub.port())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(60_000);
            var in = new BufferedInputStream(socket.getInputStream());
            for (int i = 0; System.nanoTime() < end; i++) {
                String text = "m" + sender + "-" + i + "-" + end;
                CountDownLatch back = sink.expect(text);
                byte[] body =
                        ("{\"text\":\"" + text + "\",\"peer\":\"p" + sender + "\"}").getBytes(StandardCharsets.UTF_8);
                long start = System.nanoTime();
                socket.getOutputStream()
                        .write(concat(
                                ("POST /webhooks/default HTTP/1.1\r\nHost: " + hub.host() + ":" + hub.port()
                                                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                                                + "\r\n\r\n")
                                        .getBytes(StandardCharsets.US_ASCII),
                                body));
                Http11.expect(in, 202);
                if (!back.await(60, TimeUnit.SECONDS)) {
                    throw new IOException("no callback for " + text);
                }
                figures.add(System.nanoTime() - start);
            }
        }
    }

    private static byte[] concat(byte[] head, byte[] body) {
        byte[] both = java.util.Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, both, head.length, body.length);
        return both;
    }
}
