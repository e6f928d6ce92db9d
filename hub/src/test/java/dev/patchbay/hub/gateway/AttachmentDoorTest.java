package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.hub.attachment.AttachmentSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files through the doors: brought, named in messages, and got again. */
@Timeout(60)
class AttachmentDoorTest {
    @TempDir
    Path folder;

    private HubBehindDoors hub;

    @BeforeEach
    void start() throws Exception {
        hub = new HubBehindDoors(folder, AttachmentSettings.of(folder).withBytesMax(100_000));
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void aFileIsBroughtAndGotAgain() throws Exception {
        // When
        HttpResponse<String> posted = post("cat", "image/png", "a cat.png", TestGateway.CHAT);

        // Then
        assertThat(posted.statusCode()).isEqualTo(201);
        JsonNode kept = HubBehindDoors.json(posted.body());
        assertThat(kept.path("url").asText()).matches("attachment:[0-9a-f]{64}");
        assertThat(kept.path("bytes").asLong()).isEqualTo(3);
        assertThat(kept.path("media_type").asText()).isEqualTo("image/png");
        assertThat(kept.path("name").asText()).isEqualTo("a cat.png");

        // And
        HttpResponse<String> got = hub.doors.get(kept.path("href").asText(), TestGateway.READ);
        assertThat(got.statusCode()).isEqualTo(200);
        assertThat(got.body()).isEqualTo("cat");
        assertThat(got.headers().firstValue("Content-Type")).contains("image/png");
        assertThat(got.headers().firstValue("Content-Length")).contains("3");
        assertThat(got.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(got.headers().firstValue("Content-Security-Policy").orElse(""))
                .startsWith("sandbox");
        assertThat(got.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"a cat.png\"; filename*=UTF-8''a%20cat.png");
        assertThat(hub.doors.get(kept.path("href").asText(), TestGateway.CHAT).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aHeadTellsTheSameWithoutTheFile() throws Exception {
        String href = HubBehindDoors.json(
                        post("cat", null, null, TestGateway.CHAT).body())
                .path("href")
                .asText();

        HttpResponse<String> head = hub.doors.send(TestGateway.authorised(hub.doors.request(href), TestGateway.READ)
                .method("HEAD", BodyPublishers.noBody()));

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("Content-Type")).contains("application/octet-stream");
    }

    @ParameterizedTest
    @CsvSource({"'', 401", "read-secret, 403", "chat-secret, 201", "operate-secret, 201", "admin-secret, 201"})
    void whoMayChatOrSendMayBringFiles(String token, int status) throws Exception {
        assertThat(post("x", null, null, token).statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"'', 401", "nonsense, 401", "chat-secret, 404", "read-secret, 404", "operate-secret, 404"})
    void whoMayNotReadLearnsNotEvenThatThereIsNothing(String token, int status) throws Exception {
        assertThat(hub.doors.get("/attachments/" + "0".repeat(64), token).statusCode())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/attachments/",
                "/attachments/x",
                "/attachments/../admin-token",
                "/attachments/..%2f..%2fadmin-token",
                "/attachments/%2e%2e/hub.mv.db",
                "/attachments/incoming",
                "/attachments/aa/bb"
            })
    void whatIsNoNameOfAFileIsNotFound(String path) throws Exception {
        assertThat(hub.doors.get(path, TestGateway.ADMIN).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "image/svg+xml", "text/html; charset=utf-8", "<script>", "multipart/mixed"})
    void whatABrowserCouldRunIsOnlySaved(String type) throws Exception {
        String url = HubBehindDoors.json(post("<script>alert(1)</script>", null, null, TestGateway.CHAT)
                        .body())
                .path("url")
                .asText();
        String path = url.replace("attachment:", "/attachments/") + "?name=x.html&type="
                + URLEncoder.encode(type, StandardCharsets.UTF_8);

        HttpResponse<String> got = hub.doors.get(path, TestGateway.READ);

        assertThat(got.headers().firstValue("Content-Type")).contains("application/octet-stream");
        assertThat(got.headers().firstValue("Content-Disposition").orElse("")).startsWith("attachment;");
    }

    @Test
    void aNameThatWantsToBeAHeaderStaysAName() throws Exception {
        HttpResponse<String> posted = post("x", null, "a\"\r\nX-Evil: 1\u202E日本.png", TestGateway.CHAT);

        String href = HubBehindDoors.json(posted.body()).path("href").asText();
        HttpResponse<String> got = hub.doors.get(href, TestGateway.READ);

        assertThat(got.headers().firstValue("X-Evil")).isEmpty();
        assertThat(got.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"a_X-Evil: 1__.png\";"
                        + " filename*=UTF-8''a%22X-Evil%3A%201%E6%97%A5%E6%9C%AC.png");
    }

    @Test
    void whatIsTooLargeIsRefusedWhetherItSaysSoOrNot() throws Exception {
        String large = "x".repeat(100_001);
        assertThat(post(large, null, null, TestGateway.CHAT).statusCode()).isEqualTo(413);

        HttpResponse<String> unannounced =
                hub.doors.send(TestGateway.authorised(hub.doors.request("/attachments"), TestGateway.CHAT)
                        .POST(BodyPublishers.ofInputStream(() ->
                                new ByteArrayInputStream("y".repeat(3_000_000).getBytes(StandardCharsets.UTF_8)))));

        assertThat(unannounced.statusCode()).isEqualTo(413);
        assertThat(post("small", null, null, TestGateway.CHAT).statusCode()).isEqualTo(201);
        assertThat(incoming()).isZero();
    }

    @Test
    void whoHangsUpInTheMiddleLeavesNothingBehind() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), hub.doors.port())) {
            socket.getOutputStream()
                    .write(("POST /attachments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TestGateway.CHAT
                                    + "\r\nContent-Length: 50000\r\n\r\nhalf")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            awaitIncoming(1);
        }
        awaitIncoming(0);
    }

    @Test
    void whoSendsTooSlowlyIsCutOffAndLeavesNothingBehind() throws Exception {
        // Given
        try (var strict = new HubBehindDoors(
                        folder.resolve("strict"),
                        AttachmentSettings.of(folder.resolve("strict")),
                        TestGateway.usual().withReadTimeout(Duration.ofSeconds(1)));
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), strict.doors.port())) {
            // When
            socket.getOutputStream()
                    .write(("POST /attachments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TestGateway.CHAT
                                    + "\r\nContent-Length: 50000\r\n\r\nhalf")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(20_000);

            // Then
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 408");
            awaitIncoming(folder.resolve("strict"), 0);
        }
    }

    @Test
    void otherMethodsAreNotAllowed() throws Exception {
        HttpResponse<String> get = hub.doors.get("/attachments", TestGateway.ADMIN);
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("Allow")).contains("POST");
        HttpResponse<String> delete = hub.doors.send(
                TestGateway.authorised(hub.doors.request("/attachments/" + "0".repeat(64)), TestGateway.ADMIN)
                        .DELETE());
        assertThat(delete.statusCode()).isEqualTo(405);
    }

    @Test
    void aSignedLinkOpensItsFileWithoutATokenAndNothingElse() throws Exception {
        // Given
        var kept = hub.files().keep(new ByteArrayInputStream(new byte[] {'c'}), "image/png", "a&b=c ü.png");
        hub.files().reachedAt(hub.doors.uri("/"));
        String link = hub.files().link(kept);

        // Then
        HttpResponse<String> got =
                hub.doors.send(HttpRequest.newBuilder(URI.create(link)).GET());
        assertThat(got.statusCode()).isEqualTo(200);
        assertThat(got.body()).isEqualTo("c");
        assertThat(got.headers().firstValue("Content-Disposition").orElse("")).contains("a%26b%3Dc%20%C3%BC.png");
        for (String changed : new String[] {
            link.replace("png", "gif"),
            link.replace("sig=", "sig=x"),
            link.replaceFirst("expires=\\d", "expires=9"),
            link.replaceFirst("[0-9a-f]{64}", "0".repeat(64))
        }) {
            HttpResponse<String> refused =
                    hub.doors.send(HttpRequest.newBuilder(URI.create(changed)).GET());
            assertThat(refused.statusCode()).as(changed).isEqualTo(403);
        }
    }

    @Test
    void aDamagedFileIsNotGivenOut() throws Exception {
        // Given
        JsonNode kept =
                HubBehindDoors.json(post("cat", null, null, TestGateway.CHAT).body());
        String hex = kept.path("url").asText().substring("attachment:".length());
        Files.writeString(
                folder.resolve("attachments").resolve(hex.substring(0, 2)).resolve(hex), "dog");

        // Then
        assertThat(hub.doors.get(kept.path("href").asText(), TestGateway.READ).statusCode())
                .isEqualTo(404);
    }

    @Test
    void aMessageMayNameAFileOrBringIt() throws Exception {
        // Given
        String url = HubBehindDoors.json(
                        post("cat", "image/png", "cat.png", TestGateway.CHAT).body())
                .path("url")
                .asText();

        // When: the echo agent answers files with files
        JsonNode named = hub.result(
                "chat.send",
                "{\"text\":\"\",\"attachments\":[{\"url\":\"" + url + "\",\"name\":\"cat.png\"},{\"data\":\"ZG9n\","
                        + "\"media_type\":\"image/jpeg\",\"name\":\"dog.jpg\"}],\"idempotency_key\":\"k\","
                        + "\"session_key\":\"agent:main:web:direct:anna\"}");

        // Then
        JsonNode answered = named.path("attachments");
        assertThat(answered).hasSize(2);
        assertThat(answered.get(0).path("url").asText()).isEqualTo(url);
        assertThat(answered.get(0).path("href").asText())
                .isEqualTo(url.replace("attachment:", "/attachments/") + "?name=cat.png");
        assertThat(hub.doors
                        .get(answered.get(1).path("href").asText(), TestGateway.READ)
                        .body())
                .isEqualTo("dog");

        // And: transcript, repeat and events tell the same
        JsonNode messages = hub.result("chat.history", "{\"session_key\":\"agent:main:web:direct:anna\"}")
                .path("messages");
        assertThat(messages.get(0).path("attachments")).isEqualTo(answered);
        assertThat(messages.get(1).path("attachments")).isEqualTo(answered);
        assertThat(messages.get(1).path("metadata").has("attachments")).isFalse();
        JsonNode events = hub.result("events.sync", "{}").path("events");
        assertThat(events.get(events.size() - 1).path("attachments")).isEqualTo(answered);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | attachments[0]",
                "{\"url\":\"https://a/\",\"data\":\"\"} | attachments[0]",
                "{\"data\":\"%\"} | attachments[0].data",
                "{\"url\":\"attachment:../../x\"} | attachments[0].url",
                "{\"url\":\"attachment:0000000000000000000000000000000000000000000000000000000000000000\"} |"
                        + " attachments[0].url",
                "{\"url\":\"file:///etc/passwd\"} | attachments[0].url",
                "{\"url\":\"javascript:alert(1)\"} | attachments[0].url",
            })
    void whatIsNoFileIsRefusedWithItsPlace(String attachment, String place) throws Exception {
        JsonNode answer = hub.call("chat.send", "{\"text\":\"x\",\"attachments\":[" + attachment + "]}");

        assertThat(answer.path("error").path("code").asInt()).isEqualTo(-32602);
        assertThat(answer.path("error").path("data").path("parameter").asText()).isEqualTo(place);
    }

    @Test
    void aFileInACallIsBoundedLikeAnyOther() throws Exception {
        String data = Base64.getEncoder().encodeToString(new byte[100_001]);

        assertThat(hub.error("chat.send", "{\"text\":\"x\",\"attachments\":[{\"data\":\"" + data + "\"}]}"))
                .isEqualTo(-32006);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"text\":\"Yes\"} | buttons[0].data",
                "{\"text\":\"Yes\",\"data\":\"äääääääääääääääääääääääääääääääää\"} | buttons[0]",
            })
    void aButtonThatCannotBeUsedIsRefusedWithItsPlace(String button, String place) throws Exception {
        JsonNode answer = hub.call(
                "messages.send",
                "{\"channel\":\"webhook\",\"to\":\"anna\",\"text\":\"x\",\"buttons\":[" + button + "]}");

        assertThat(answer.path("error").path("code").asInt()).isEqualTo(-32602);
        assertThat(answer.path("error").path("data").path("parameter").asText()).isEqualTo(place);
    }

    private HttpResponse<String> post(String body, @Nullable String type, @Nullable String name, String token)
            throws Exception {
        HttpRequest.Builder request = TestGateway.authorised(
                hub.doors.request("/attachments"
                        + (name == null ? "" : "?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8))),
                token);
        if (type != null) {
            request.header("Content-Type", type);
        }
        return hub.doors.send(request.POST(BodyPublishers.ofString(body)));
    }

    private long incoming() throws IOException {
        return incoming(folder);
    }

    private static long incoming(Path data) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("attachments/incoming"))) {
            return files.count();
        }
    }

    private void awaitIncoming(long count) throws Exception {
        awaitIncoming(folder, count);
    }

    private static void awaitIncoming(Path data, long count) throws Exception {
        long end = System.nanoTime() + 10_000_000_000L;
        while (incoming(data) != count && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(incoming(data)).isEqualTo(count);
    }
}
