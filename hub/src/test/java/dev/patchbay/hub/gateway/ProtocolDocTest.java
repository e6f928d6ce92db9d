package dev.patchbay.hub.gateway;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.metrics.PrometheusMeters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** docs/protocol.md names what the hub offers, and nothing else. */
@Timeout(60)
class ProtocolDocTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/patchbay/hub");
    private static final Pattern METHOD = Pattern.compile("^### `([a-z._]+)`$", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("^\\| (-\\d+) \\| ([^|]+) \\|", Pattern.MULTILINE);
    private static final Pattern METRIC = Pattern.compile("^\\| `(patchbay_[a-z_]+)` \\|", Pattern.MULTILINE);

    private static final Pattern EVENT =
            Pattern.compile("(?:publishPassing|publishDurable|[eE]vents(?:\\(\\))?\\.record"
                    + "|new HubEvent)\\(\\s*\"([a-z]+\\.[a-z]+)\"");

    private static String document = "";

    @BeforeAll
    static void read() throws IOException {
        document = Files.readString(Path.of("../docs/protocol.md"));
    }

    @Test
    void everyMethodHasASectionWithItsScopeAndAllItsParameters(@TempDir Path folder) throws Exception {
        try (var hub = new HubBehindDoors(folder)) {
            var methods = new TreeSet<String>();
            for (JsonNode method : hub.result("rpc.discover", "{}").path("methods")) {
                String name = method.path("name").asText();
                methods.add(name);
                String section = section(name);
                assertThat(section)
                        .as(name)
                        .contains(needs(method.path("x-scope").asText()));
                for (JsonNode parameter : method.path("params")) {
                    assertThat(section)
                            .as(name)
                            .contains("`" + parameter.path("name").asText());
                }
            }

            assertThat(found(METHOD)).isEqualTo(methods);
        }
    }

    /** The test above sees the methods of {@link HubBehindDoors} only. */
    @Test
    void theHubOfTheTestsHasEveryGroupOfMethods() throws Exception {
        String made = Files.readString(Path.of("src/test/java/dev/patchbay/hub/gateway/HubBehindDoors.java"));

        try (Stream<Path> files = Files.list(SOURCES.resolve("gateway/method"))) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith("Methods.java"))
                            .map(name -> "new " + name.replace(".java", "(")))
                    .isNotEmpty()
                    .allSatisfy(making -> assertThat(made).contains(making));
        }
    }

    @Test
    void everyErrorCodeIsInTheTableWithItsMessage() {
        Set<String> documented = CODE.matcher(document)
                .results()
                .map(row -> row.group(1) + " " + row.group(2))
                .collect(toCollection(TreeSet::new));

        assertThat(documented)
                .isEqualTo(Arrays.stream(ErrorCode.values())
                        .map(code -> code.number() + " " + code.message())
                        .collect(toCollection(TreeSet::new)));
    }

    @Test
    void everyMetricIsNamed() throws Exception {
        assertThat(found(METRIC)).isEqualTo(metricsInTheSources());
        for (String line : new PrometheusMeters().scrape().split("\n", -1)) {
            if (line.startsWith("# TYPE ")) {
                assertThat(document).contains("`" + line.split(" ", -1)[2] + "`");
            }
        }
    }

    @Test
    void everyEventIsInTheTable() throws Exception {
        String events = document.substring(document.indexOf("\n## Events\n"), document.indexOf("\n## Chat commands\n"));
        Set<String> documented = Pattern.compile("^\\| `([a-z.]+)` \\|", Pattern.MULTILINE)
                .matcher(events)
                .results()
                .map(row -> row.group(1))
                .collect(toCollection(TreeSet::new));

        assertThat(documented).isEqualTo(inTheSources(EVENT));
    }

    private static String needs(String scope) {
        return switch (scope) {
            case "open" -> "Needs nothing.";
            case "token" -> "Any token.";
            default -> "Scope `" + scope + "`";
        };
    }

    private static String section(String method) {
        int start = document.indexOf("\n### `" + method + "`\n");
        assertThat(start).as("a section for " + method).isNotNegative();
        Matcher next = Pattern.compile("^##", Pattern.MULTILINE).matcher(document);
        return document.substring(start, next.find(start + 4) ? next.start() : document.length());
    }

    private static Set<String> found(Pattern pattern) {
        return pattern.matcher(document).results().map(hit -> hit.group(1)).collect(toCollection(TreeSet::new));
    }

    /** Some are made far from the metrics page, when their part of the hub starts. */
    private static Set<String> metricsInTheSources() throws IOException {
        return inTheSources(Pattern.compile("\"(patchbay_[a-z_]+)\""));
    }

    private static Set<String> inTheSources(Pattern literal) throws IOException {
        var names = new TreeSet<String>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                literal.matcher(Files.readString(file)).results().forEach(hit -> names.add(hit.group(1)));
            }
        }
        return names;
    }
}
