package dev.patchbay.fakes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FakeServerTest {
    final List<Request> arrived = new CopyOnWriteArrayList<>();
    final List<Request> handled = new CopyOnWriteArrayList<>();
    final Faults faults = new Faults();
    final FakeServer server = FakeServer.start(
            0,
            new Handler() {
                @Override
                public void arrived(Request request) {
                    arrived.add(request);
                }

                @Override
                public Response handle(Request request) {
                    handled.add(request);
                    return Response.json(200, "{\"ok\":true}");
                }
            },
            faults);
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void requestsOfOneClientShareAConnection() throws Exception {
        // When
        HttpResponse<String> first = send("/a%20b?x=1%262&y", BodyPublishers.ofString("hello"));
        send("/second", BodyPublishers.noBody());

        // Then
        assertThat(first.body()).isEqualTo("{\"ok\":true}");
        assertThat(handled.getFirst().path()).isEqualTo("/a b");
        assertThat(handled.getFirst().queryFields()).isEqualTo(Map.of("x", "1&2", "y", ""));
        assertThat(handled.getFirst().body().text()).isEqualTo("hello");
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void aBodyInChunksIsPutTogether() throws Exception {
        // When
        send(
                "/",
                BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream("x".repeat(50_000).getBytes(StandardCharsets.UTF_8))));

        // Then
        assertThat(handled.getFirst().body().text()).isEqualTo("x".repeat(50_000));
    }

    @Test
    void multipartFieldsAndFilesAreTakenApart() throws Exception {
        // When
        String body = String.join(
                "\r\n",
                "--B",
                "Content-Disposition: form-data; name=\"chat_id\"",
                "",
                "42",
                "--B",
                "Content-Disposition: form-data; name=\"photo\"; filename=\"a.png\"",
                "Content-Type: image/png",
                "",
                "\r\n--",
                "--B--",
                "");
        client.send(
                request("/")
                        .header("Content-Type", "multipart/form-data; boundary=B")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());

        // Then
        List<Part> parts = handled.getFirst().parts();
        assertThat(parts).extracting(Part::name).containsExactly("chat_id", "photo");
        assertThat(parts).extracting(each -> each.content().text()).containsExactly("42", "\r\n--");
        assertThat(parts.get(1).fileName()).contains("a.png");
        assertThat(parts.get(1).contentType()).isEqualTo("image/png");
    }

    @Test
    void theNextRequestsGetTheFaultAndLaterOnesDoNot() throws Exception {
        // Given
        faults.next(2, Faults.path("/send"), Fault.status(500));

        // When
        List<Integer> statuses = List.of(status("/other"), status("/send"), status("/SEND"), status("/send"));

        // Then
        assertThat(statuses).containsExactly(200, 500, 500, 200);
        assertThat(handled).hasSize(2);
        assertThat(faults.played()).isEqualTo(2);
    }

    @Test
    void everyThirdRequestGetsTheFault() throws Exception {
        // Given
        faults.every(3, request -> true, Fault.badGateway());

        // When
        List<Integer> statuses = List.of(status("/"), status("/"), status("/"), status("/"), status("/"), status("/"));

        // Then
        assertThat(statuses).containsExactly(200, 200, 502, 200, 200, 502);
    }

    @Test
    void aBadGatewayIsAPageAndNotJson() throws Exception {
        // Given
        faults.always(request -> true, Fault.badGateway());

        // When
        HttpResponse<String> answer = send("/", BodyPublishers.noBody());

        // Then
        assertThat(answer.body()).startsWith("<html>");
        assertThat(answer.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
    }

    @Test
    void aResetBeforeAcceptingLeavesNoTrace() {
        // Given
        faults.next(1, request -> true, Fault.resetBefore());

        // When
        assertThatThrownBy(() -> send("/", BodyPublishers.ofString("once"))).isInstanceOf(IOException.class);

        // Then
        assertThat(arrived).isNotEmpty();
        assertThat(handled).isEmpty();
    }

    @Test
    void aResetAfterAcceptingIsRemembered() {
        // Given
        faults.next(1, request -> true, Fault.resetAfter());

        // When
        assertThatThrownBy(() -> send("/", BodyPublishers.ofString("once"))).isInstanceOf(IOException.class);

        // Then
        assertThat(handled).hasSize(1);
    }

    @Test
    void halfAnAnswerPromisesTheWhole() throws Exception {
        // Given
        faults.next(1, request -> true, Fault.half());

        // When
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            // Then
            assertThat(answer).contains("Content-Length: 11\r\n").endsWith("\r\n\r\n{\"ok\"");
        }
    }

    @Test
    void aHangEndsWithThePatienceOfTheClient() throws Exception {
        // Given
        faults.next(1, request -> true, Fault.hang());
        faults.next(1, request -> true, Fault.hangAfter());

        // When
        unanswered("/unhandled");
        unanswered("/handled");
        awaitHandled();

        // Then
        assertThat(handled).extracting(Request::path).containsExactly("/handled");
    }

    @Test
    void aLateAnswerComesToARequestThatWasHandledAtOnce() throws Exception {
        // Given
        faults.next(1, request -> true, Fault.late(Duration.ofMinutes(1)));
        faults.next(1, request -> true, Fault.late(Duration.ofMillis(200)));
        long began = System.nanoTime();

        // When
        unanswered("/given-up");
        awaitHandled();
        HttpResponse<String> late = send("/late", BodyPublishers.noBody());

        // Then
        assertThat(handled).extracting(Request::path).containsExactly("/given-up", "/late");
        assertThat(late.body()).isEqualTo("{\"ok\":true}");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    void aDelayEndsInWhatComesAfterIt() throws Exception {
        // Given
        faults.next(1, request -> true, new Fault.Delay(Duration.ofMillis(200), Fault.status(503)));

        // When
        long start = System.nanoTime();
        int status = status("/");

        // Then
        assertThat(status).isEqualTo(503);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    void closingEndsWhoeverHangs() throws Exception {
        // Given
        faults.next(1, request -> true, Fault.hang());
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            // When
            server.close();
            server.close();

            // Then
            assertThatThrownBy(() -> {
                        if (socket.getInputStream().read() < 0) {
                            throw new IOException("ended");
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aConnectionCanGoOnAsSomethingElse() throws Exception {
        // Given
        try (var echo = FakeServer.start(
                        0,
                        request ->
                                Response.switching(Map.of("Upgrade", "echo"), (socket, in) -> socket.getOutputStream()
                                        .write(in.readNBytes(4))),
                        new Faults());
                var socket = new Socket(InetAddress.getLoopbackAddress(), echo.port())) {
            // When
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\nping".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            // Then
            assertThat(answer).startsWith("HTTP/1.1 101 ").endsWith("\r\n\r\nping");
        }
    }

    @Test
    void whatIsNotHttpOrTooBigIsRefused() throws Exception {
        assertThat(raw("hello\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(raw("POST / HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n")).startsWith("HTTP/1.1 413 ");
        assertThat(raw("GET / HTTP/1.1\r\nA: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
    }

    @Test
    void whoHangsUpWaitsForWhatIsBeingHandled() throws Exception {
        // Given a server whose handler cannot be interrupted
        var begun = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var done = new AtomicBoolean();
        Handler slow = request -> {
            begun.countDown();
            boolean isInterrupted = false;
            while (release.getCount() > 0) {
                try {
                    release.await();
                } catch (InterruptedException stop) {
                    isInterrupted = true;
                }
            }
            done.set(isInterrupted);
            return Response.empty(200);
        };
        try (FakeServer busy = FakeServer.start(0, slow, new Faults());
                var idle = new Socket(InetAddress.getLoopbackAddress(), busy.port());
                var socket = new Socket(InetAddress.getLoopbackAddress(), busy.port())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            begun.await();

            // When it does not end, then
            assertThat(busy.hangUp(Duration.ofMillis(100))).isFalse();

            // When it ends, then
            release.countDown();
            assertThat(busy.hangUp(Duration.ofSeconds(20))).isTrue();
            assertThat(done).isTrue();
            assertThatThrownBy(() -> idle.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void noAnswerResetsTheConnection() throws Exception {
        // Given
        try (FakeServer silent = FakeServer.start(0, request -> Response.empty(0), new Faults());
                var socket = new Socket(InetAddress.getLoopbackAddress(), silent.port())) {

            // When
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            // Then
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    private String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var first = new byte[13];
            int read = socket.getInputStream().readNBytes(first, 0, first.length);
            return new String(first, 0, read, StandardCharsets.US_ASCII);
        }
    }

    private int status(String path) throws Exception {
        return send(path, BodyPublishers.noBody()).statusCode();
    }

    private void awaitHandled() {
        while (handled.isEmpty()) {
            Thread.onSpinWait();
        }
    }

    /** Sends, waits until the server knows what to do with it and a moment more, and gives up. */
    private void unanswered(String path) throws Exception {
        long before = faults.played();
        CompletableFuture<?> answer = client.sendAsync(request(path).build(), BodyHandlers.ofString());
        while (faults.played() == before) {
            Thread.onSpinWait();
        }
        assertThatThrownBy(() -> answer.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        answer.cancel(true);
    }

    private HttpResponse<String> send(String path, HttpRequest.BodyPublisher body) throws Exception {
        return client.send(request(path).POST(body).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path));
    }
}
