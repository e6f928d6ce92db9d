package dev.patchbay.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;

/** Fills a queue whose account is paused, and looks at the order in which each peer gets what was queued. Safe for use by many threads. */
final class QueueFiller implements Consumer<String> {
    private static final int PEERS = 1_000;
    private static final int SENDERS = 50;
    private static final String WORD = "queued ";

    private final AtomicIntegerArray latest = new AtomicIntegerArray(PEERS);
    private final AtomicInteger outOfOrder = new AtomicInteger();

    /** Each peer gets every so-many-th, from one sender. */
    static void fill(BenchHub hub, int messages) throws Exception {
        call(hub, "channels.pause", "{\"channel\":\"webhook\",\"account_id\":\"default\"}");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                int first = i;
                all.add(threads.submit(() -> {
                    send(hub, first, messages);
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

    /** Takes a text that has arrived. */
    @Override
    public void accept(String text) {
        if (text.startsWith(WORD)) {
            int number = Integer.parseInt(text.substring(WORD.length())) + 1;
            if (latest.getAndAccumulate(number % PEERS, number, Math::max) >= number) {
                outOfOrder.incrementAndGet();
            }
        }
    }

    /** How many came after one that was queued later. */
    int outOfOrder() {
        return outOfOrder.get();
    }

    private static void send(BenchHub hub, int first, int messages) throws IOException {
        try (var socket = new Socket13(hub)) {
            // The number of senders divides that of peers: all messages to one peer come from one sender.
            for (int i = first; i < messages; i += SENDERS) {
                request(
                        socket,
                        "messages.send",
                        "{\"channel\":\"webhook\",\"to\":\"p" + i % PEERS + "\",\"text\":\"" + WORD + i + "\"}");
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
