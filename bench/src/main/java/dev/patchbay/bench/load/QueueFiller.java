package dev.patchbay.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Fills a queue whose account is paused. */
final class QueueFiller {
    private static final int PEERS = 1_000;
    private static final int SENDERS = 64;

    private QueueFiller() {}

    static void fill(BenchHub hub, int messages) throws Exception {
        call(hub, "channels.pause", "{\"channel\":\"webhook\",\"account_id\":\"default\"}");
        var next = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                all.add(threads.submit(() -> {
                    send(hub, next, messages);
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
    }

    static void resume(BenchHub hub) throws IOException {
        call(hub, "channels.resume", "{\"channel\":\"webhook\",\"account_id\":\"default\"}");
    }

    private static void send(BenchHub hub, AtomicInteger next, int messages) throws IOException {
        try (var socket = new Socket13(hub)) {
            for (int i = next.getAndIncrement(); i < messages; i = next.getAndIncrement()) {
                request(
                        socket,
                        "messages.send",
                        "{\"channel\":\"webhook\",\"to\":\"p" + i % PEERS + "\",\"text\":\"queued " + i + "\"}");
            }
        }
    }

    private static void call(BenchHub hub, String method, String params) throws IOException {
        try (var socket = new Socket13(hub)) {
            request(socket, method, params);
        }
    }

    private static void request(Socket13 socket, String method, String params) throws IOException {
        socket.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}");
        String answer = socket.receive();
        if (answer.contains("\"error\"")) {
            throw new IOException(method + ": " + answer);
        }
    }
}
