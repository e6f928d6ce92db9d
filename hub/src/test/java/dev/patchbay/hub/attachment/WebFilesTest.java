package dev.patchbay.hub.attachment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.AttachmentUnavailable;
import dev.patchbay.api.Attachments.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files on the web, from a server on loopback that may do what it likes. */
@Timeout(60)
class WebFilesTest {
    @TempDir
    Path data;

    private final Server server = new Server();
    private AttachmentDesk files;

    @BeforeEach
    void open() throws Exception {
        files = files(List.of("127.0.0.0/8"));
    }

    @AfterEach
    void close() throws Exception {
        files.close();
        server.close();
        // Whatever happened, nothing is left behind.
        try (Stream<Path> left = Files.list(data.resolve("attachments/incoming"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aFileComesWithLengthTypeAndName() throws Exception {
        // Given
        server.answers("/pics/a%20cat.png?size=2", "200 OK", "Content-Type: image/png\r\nContent-Length: 3\r\n", "cat");

        // When
        try (Content content = files.open(at("/pics/a%20cat.png?size=2"))) {
            // Then
            assertThat(content.stream().readAllBytes()).asString().isEqualTo("cat");
            assertThat(content.bytes()).isEqualTo(3);
            assertThat(content.mediaType()).isEqualTo("image/png");
            assertThat(content.name()).isEqualTo("a cat.png");
        }
    }

    @Test
    void whatTheMessageSaysOfTheFileGoesBeforeWhatTheServerSays() throws Exception {
        server.answers("/x", "200 OK", "Content-Type: text/html\r\nContent-Length: 1\r\n", "x");

        try (Content content = files.open(new Attachment(server.url("/x"), "image/gif", "y.gif"))) {
            assertThat(content.mediaType()).isEqualTo("image/gif");
            assertThat(content.name()).isEqualTo("y.gif");
        }
    }

    @Test
    void aLengthThatNobodyAnnouncedIsKnownWhenItIsHere() throws Exception {
        server.answers("/x", "200 OK", "Connection: close\r\n", "y".repeat(50_000));

        try (Content content = files.open(at("/x"))) {
            assertThat(content.bytes()).isEqualTo(50_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5000000000\r\n", "Connection: close\r\n"})
    void whatIsTooLargeIsRefusedForGood(String header) throws Exception {
        server.answers("/x", "200 OK", header, "y".repeat(200_000));

        assertUnavailable(at("/x"), true, "larger than 100000 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "404 Not Found, true",
        "410 Gone, true",
        "403 Forbidden, true",
        "204 No Content, true",
        "500 Oops, false",
        "503 Later, false",
        "429 Slow, false",
        "408 Late, false"
    })
    void aStatusSaysWhetherItIsWorthTryingAgain(String status, boolean isPermanent) throws Exception {
        server.answers("/x", status, status.startsWith("204") ? "" : "Content-Length: 0\r\n", "");

        assertUnavailable(at("/x"), isPermanent, "HTTP " + status.substring(0, 3));
    }

    @Test
    void aServerThatDripsIsCutOff() throws Exception {
        // Given
        server.script("/x", socket -> {
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            var never = new CountDownLatch(1);
            while (!never.await(100, TimeUnit.MILLISECONDS)) {
                out.write('x');
                out.flush();
            }
        });

        // Then
        try (AttachmentDesk hasty = files(List.of("127.0.0.0/8"), Duration.ofSeconds(2))) {
            assertUnavailable(hasty, at("/x"), false, "not here within 2000 ms");
        }
    }

    @Test
    void aServerThatSaysNothingIsGivenUp() throws Exception {
        server.script("/x", socket -> socket.getInputStream().readAllBytes());

        try (AttachmentDesk hasty = files(List.of("127.0.0.0/8"), Duration.ofSeconds(2))) {
            assertUnavailable(hasty, at("/x"), false, "");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "garbage\r\n\r\n", ""})
    void halfAnAnswerIsNoFile(String answer) throws Exception {
        server.script("/x", socket -> socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII)));

        assertUnavailable(at("/x"), false, "cannot be read from");
    }

    @Test
    void anUnaskedCodingIsRefused() throws Exception {
        server.answers("/x", "200 OK", "Content-Encoding: gzip\r\nContent-Length: 1\r\n", "x");

        assertUnavailable(at("/x"), true, "coding");
    }

    @Test
    void threeRedirectsAreFollowedAndAFourthIsNot() throws Exception {
        // Given
        server.answers("/1", "302 Found", "Location: /2\r\nContent-Length: 0\r\n", "");
        server.answers("/2", "301 Moved", "Location: " + server.url("/3") + "\r\nContent-Length: 0\r\n", "");
        server.answers("/3", "307 Temporary", "Location: ?end\r\nContent-Length: 0\r\n", "");
        server.answers("/3?end", "200 OK", "Content-Length: 3\r\n", "end");
        server.answers("/0", "308 Permanent", "Location: 1\r\nContent-Length: 0\r\n", "");

        // Then
        try (Content content = files.open(at("/1"))) {
            assertThat(content.stream().readAllBytes()).asString().isEqualTo("end");
        }
        assertUnavailable(at("/0"), true, "redirected more than 3 times");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://10.0.0.1/",
                "http://169.254.169.254/latest/meta-data",
                "http://[fd00::1]/",
                "http://192.168.0.1:8080/",
                "//10.0.0.1/x"
            })
    void aRedirectIntoThePrivateNetworkIsRefusedLikeAnAddressThere(String location) throws Exception {
        server.answers("/x", "302 Found", "Location: " + location + "\r\nContent-Length: 0\r\n", "");

        assertUnavailable(at("/x"), true, "attachments.allow-private");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "ftp://example.org/",
                "gopher://example.org/",
                "http://",
                "http://u:p@127.0.0.1/"
            })
    void aRedirectToWhatIsNoWebAddressIsRefused(String location) throws Exception {
        server.answers("/x", "302 Found", "Location: " + location + "\r\nContent-Length: 0\r\n", "");

        assertUnavailable(at("/x"), true, "no web address");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:PORT/",
                "http://localhost:PORT/",
                "http://LOCALHOST:PORT/",
                "http://127.1:PORT/",
                "http://2130706433:PORT/",
                "http://0x7f000001:PORT/",
                "http://0x7f.1:PORT/",
                "http://0177.0.0.1:PORT/",
                "http://127.0.0.1.:PORT/",
                "http://[::1]:PORT/",
                "http://[::ffff:127.0.0.1]:PORT/",
                "http://[::127.0.0.1]:PORT/",
                "http://[0:0:0:0:0:ffff:7f00:1]:PORT/",
                "http://0.0.0.0:PORT/",
                "http://0:PORT/",
                "http://[::]:PORT/",
                "HTTP://127.0.0.1:PORT/",
                "http://１２７.０.０.１:PORT/",
                "http://10.1.2.3/",
                "http://100.64.0.1/",
                "http://172.16.0.1/",
                "http://192.168.1.1/",
                "http://169.254.169.254/",
                "http://[fe80::1]/",
                "http://[fc00::1]/",
                "http://[64:ff9b::10.0.0.1]/",
                "http://224.0.0.1/",
                "http://255.255.255.255/"
            })
    void noSpellingOfAnAddressInsideIsReached(String url) throws Exception {
        // Given: nobody has allowed anything
        try (AttachmentDesk strict = files(List.of())) {
            var attachment = new Attachment(url.replace("PORT", Integer.toString(server.port())), null, null);

            // Then
            assertThatThrownBy(() -> strict.open(attachment))
                    .isInstanceOfSatisfying(AttachmentUnavailable.class, gone -> assertThat(gone.isPermanent())
                            .isTrue())
                    .hasMessageContaining("is loopback, private or link-local");
            assertThat(server.connections).hasValue(0);
        }
    }

    @Test
    void anInterruptEndsAFetch() throws Exception {
        // Given
        var here = new CountDownLatch(1);
        server.script("/x", socket -> {
            here.countDown();
            socket.getInputStream().readAllBytes();
        });
        var ended = new CountDownLatch(1);
        Thread fetch = Thread.ofVirtual().start(() -> {
            try {
                files.open(at("/x")).close();
            } catch (InterruptedException expected) {
                ended.countDown();
            } catch (AttachmentUnavailable wrong) {
                throw new AssertionError(wrong);
            }
        });
        here.await();

        // When
        fetch.interrupt();

        // Then
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private void assertUnavailable(Attachment attachment, boolean isPermanent, String why) {
        assertUnavailable(files, attachment, isPermanent, why);
    }

    private static void assertUnavailable(AttachmentDesk desk, Attachment attachment, boolean isPermanent, String why) {
        assertThatThrownBy(() -> desk.open(attachment))
                .isInstanceOfSatisfying(AttachmentUnavailable.class, gone -> assertThat(gone.isPermanent())
                        .isEqualTo(isPermanent))
                .hasMessageContaining(why);
    }

    private Attachment at(String path) {
        return new Attachment(server.url(path), null, null);
    }

    private AttachmentDesk files(List<String> allowed) throws IOException {
        return files(allowed, Duration.ofSeconds(20));
    }

    private AttachmentDesk files(List<String> allowed, Duration patience) throws IOException {
        AttachmentSettings settings =
                AttachmentSettings.of(data).withBytesMax(100_000).withAllowPrivate(allowed);
        var limits = new WebFiles.Limits(100_000, patience, patience, patience);
        var desk = new AttachmentDesk(
                settings, NamedFiles.NONE, TestFiles.world(Clock.systemUTC()), () -> Long.MAX_VALUE, limits);
        desk.prepare();
        return desk;
    }

    /** One answer per connection, as told; then it hangs up. */
    private static final class Server implements AutoCloseable {
        private final Map<String, Script> scripts = new ConcurrentHashMap<>();
        private final AtomicInteger connections = new AtomicInteger();
        private final ServerSocket listener;

        private interface Script {
            void play(Socket socket) throws IOException, InterruptedException;
        }

        private Server() {
            try {
                listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            } catch (IOException unusable) {
                throw new IllegalStateException(unusable);
            }
            Thread.ofVirtual().start(this::accept);
        }

        private int port() {
            return listener.getLocalPort();
        }

        private String url(String path) {
            return "http://127.0.0.1:" + port() + path;
        }

        private void script(String target, Script script) {
            scripts.put(target, script);
        }

        private void answers(String target, String status, String headers, String body) {
            script(target, socket -> socket.getOutputStream()
                    .write(("HTTP/1.1 " + status + "\r\n" + headers + "\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII)));
        }

        private void accept() {
            while (true) {
                try {
                    Socket socket = listener.accept();
                    connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private void serve(Socket socket) {
            try (socket) {
                String head = head(socket.getInputStream());
                Objects.requireNonNull(scripts.get(head.split(" ", 3)[1]), head).play(socket);
            } catch (IOException gone) {
                // The hub hung up: what the test is about.
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }

        private static String head(InputStream in) throws IOException {
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int each = in.read();
                if (each < 0) {
                    throw new IOException("hung up");
                }
                head.append((char) each);
            }
            return head.toString();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
