package dev.patchbay.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model server that others have written: npm's aimock, which speaks OpenAI's, Anthropic's and Ollama's way. It is told over its own
 * control API how to answer whom, and keeps a journal of what it was asked.
 */
final class MockModel implements AutoCloseable {
    private static final String PACKAGE = "@copilotkit/aimock";
    private static final String VERSION = "1.43.0";
    private static final Pattern ADDRESS = Pattern.compile("listening on (http://127\\.0\\.0\\.1:\\d+)");
    private static final Duration STARTS = Duration.ofSeconds(60);

    private final Process process;
    private final Rpc control;

    private MockModel(Process process, String url) {
        this.process = process;
        this.control = new Rpc(url, "");
    }

    /** Installs and starts it on a free port; it ends when closed. */
    static MockModel start(Path folder) throws Exception {
        NpmPackage aimock = NpmPackage.install(folder, PACKAGE + "@" + VERSION);
        Path nothing = Files.writeString(folder.resolve("nothing.json"), "{\"fixtures\":[]}");
        Path out = folder.resolve("aimock.txt");
        Process process = aimock.start(
                PACKAGE + "/dist/cli.js", out, "--host", "127.0.0.1", "--port", "0", "--fixtures", nothing.toString());
        try {
            Bounded.until(STARTS, () -> {
                if (!process.isAlive()) {
                    throw new AssertionError("the mock model ended: " + Files.readString(out));
                }
                return ADDRESS.matcher(Files.readString(out)).find();
            });
        } catch (Exception | Error failed) {
            process.destroyForcibly();
            throw failed;
        }
        Matcher address = ADDRESS.matcher(Files.readString(out));
        if (!address.find()) {
            throw new AssertionError("the mock model has taken its address back");
        }
        return new MockModel(process, address.group(1));
    }

    /** One way to answer, in the words of aimock's fixtures. */
    record Answer(Map<String, Object> response, Map<String, Object> manner) {

        static Answer text(String text) {
            return new Answer(Map.of("content", text), Map.of());
        }

        static Answer call(String tool, Map<String, Object> arguments) {
            return new Answer(Map.of("toolCalls", List.of(Map.of("name", tool, "arguments", arguments))), Map.of());
        }

        static Answer status(int status) {
            return new Answer(
                    Map.of("status", status, "error", Map.of("message", "not now", "type", "mock_error")), Map.of());
        }

        static Answer tooMany(int retryAfterSeconds) {
            return new Answer(
                    Map.of(
                            "status",
                            429,
                            "retryAfter",
                            retryAfterSeconds,
                            "error",
                            Map.of("message", "slow down", "type", "rate_limit_error")),
                    Map.of());
        }

        /** In pieces of so many characters, with so long before each. */
        Answer inPieces(int characters, Duration pause) {
            return with(Map.of("chunkSize", characters, "latency", pause.toMillis()));
        }

        /** After so many pieces of the stream, whatever they hold, the connection ends. */
        Answer cutAfter(int pieces) {
            return with(Map.of("truncateAfterChunks", pieces));
        }

        /** Begins at once, and after so many pieces says nothing for ten minutes, with the connection open. */
        Answer silentAfter(int pieces) {
            var pauses = new ArrayList<Long>();
            for (int i = 1; i < pieces; i++) {
                pauses.add(0L);
            }
            pauses.add(600_000L);
            return with(Map.of(
                    "recordedTimings", Map.of("ttftMs", 0, "interChunkDelaysMs", pauses, "totalDurationMs", 600_000)));
        }

        private Answer with(Map<String, Object> more) {
            var all = new TreeMap<>(manner);
            all.putAll(more);
            return new Answer(response, all);
        }
    }

    /** Answers those who say this: the first answer for the first request, and so on. */
    void answer(String said, Answer... answers) throws Exception {
        var fixtures = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < answers.length; i++) {
            var fixture = new TreeMap<>(answers[i].manner());
            fixture.put("match", Map.of("userMessage", said, "sequenceIndex", i));
            fixture.put("response", answers[i].response());
            fixtures.add(fixture);
        }
        var taken = control.post("/__aimock/fixtures", Json.write(Map.of("fixtures", fixtures)));
        if (taken.statusCode() != 200) {
            throw new AssertionError("the mock model takes no such answers: " + taken.body());
        }
    }

    /** The requests whose last word of a person was this, as the journal has them, oldest first. */
    List<JsonNode> asked(String said) throws Exception {
        var found = new ArrayList<JsonNode>();
        for (JsonNode each : Json.read(control.get("/__aimock/journal").body())) {
            String last = "";
            for (JsonNode message : each.path("body").path("messages")) {
                last = message.path("role").asText().equals("user") ? message.toString() : last;
            }
            if (last.contains(said)) {
                found.add(each);
            }
        }
        return found;
    }

    String url() {
        return control.url();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
