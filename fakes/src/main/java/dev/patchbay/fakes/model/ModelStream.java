package dev.patchbay.fakes.model;

import dev.patchbay.fakes.http.FakeServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Writes an answer to one connection. */
record ModelStream(Dialect dialect, String model, Duration pause) {
    private static final Duration TIME_TO_READ = Duration.ofMillis(200);
    private static final String LONG_WORD = " word".repeat(2_000);

    void say(Socket socket, List<String> words) throws IOException, InterruptedException {
        write(socket, dialect.start(model));
        for (String word : words) {
            Thread.sleep(pause);
            write(socket, List.of(dialect.word(model, word)));
        }
    }

    void end(Socket socket, InputStream in, Answer.End how, List<String> whole)
            throws IOException, InterruptedException {
        switch (how) {
            case WHOLE -> write(socket, whole);
            case CUT -> {}
            case RESET -> {
                // A reset takes back what the other side has not read yet.
                Thread.sleep(TIME_TO_READ);
                FakeServer.reset(socket);
            }
            case HANG -> {
                while (in.read() >= 0) {
                    // What still comes is of no interest.
                }
            }
            case GARBAGE -> write(socket, List.of("data: <html>this is no answer</html>\n\n"));
            case FLOOD -> {
                while (!Thread.interrupted()) {
                    write(socket, List.of(dialect.word(model, LONG_WORD)));
                }
            }
        }
    }

    private static void write(Socket socket, List<String> events) throws IOException {
        for (String each : events) {
            socket.getOutputStream().write(each.getBytes(StandardCharsets.UTF_8));
        }
        socket.getOutputStream().flush();
    }
}
