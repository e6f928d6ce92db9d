package dev.patchbay.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Closed loop: every session has a socket of its own and sends the next message when it has the answer to the last. */
final class ChatLoad {
    private ChatLoad() {}

    static Figures run(BenchHub hub, int sessions, Duration time) throws Exception {
        var figures = new Figures();
        long began = System.nanoTime();
        long end = began + time.toNanos();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> talks = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                int session = i;
                talks.add(threads.submit(() -> {
                    talk(hub, session, end, figures);
                    return null;
                }));
            }
            for (Future<?> each : talks) {
                each.get();
            }
        }
        return figures.within(Duration.ofNanos(System.nanoTime() - began));
    }

    private static void talk(BenchHub hub, int session, long end, Figures figures) throws IOException {
        try (var socket = new Socket13(hub)) {
            for (int i = 0; System.nanoTime() < end; i++) {
                String text = "message " + i + " of session " + session + " says as much as people usually do";
                long start = System.nanoTime();
                socket.send("{\"jsonrpc\":\"2.0\",\"id\":" + i
                        + ",\"method\":\"chat.send\",\"params\":{\"session_key\":\"agent:main:bench:direct:u" + session
                        + "\",\"text\":\"" + text + "\"}}");
                String answer = socket.receive();
                if (!answer.contains(text)) {
                    throw new IOException("not the answer: " + answer);
                }
                figures.add(System.nanoTime() - start);
            }
        }
    }
}
