package dev.patchbay.hub.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shipped beside the code: config/hub.yaml and docs/configuration.md. */
class ShippedConfigTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void theSampleLoadsWithoutAnEnvironmentAndSaysWhatTheDefaultsSay() {
        var loader = new ConfigLoader(Map.of(), ROOT);
        LoadedConfig sample = loader.load(Optional.of("config/hub.yaml"), List.of());
        LoadedConfig defaults = new ConfigLoader(Map.of(), ROOT.resolve("hub")).load(Optional.empty(), List.of());

        assertThat(sample.problems()).isEmpty();
        assertThat(comparable(sample.config(), ROOT)).isEqualTo(comparable(defaults.config(), ROOT.resolve("hub")));
    }

    @Test
    void whatTheSampleShowsInCommentsWorksToo(@TempDir Path folder) throws Exception {
        LoadedConfig loaded = new Loading(folder)
                .file(uncommented())
                .env("PATCHBAY_TOKEN", "abcdefghijklmnopq")
                .env("SHOP_SECRET", "whsec_x")
                .load();

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().server().tls()).isPresent();
        assertThat(loaded.config().server().tokens()).hasSize(1);
        assertThat(loaded.config().agents()).containsOnlyKeys("main", "support", "clever", "watchful", "helper");
        assertThat(loaded.config().pulse().heartbeats()).containsOnlyKeys("watchful");
        assertThat(loaded.config().pulse().schedules()).hasSize(1);
        assertThat(loaded.config().bindings().rules()).hasSize(2);
        assertThat(loaded.config().sessions().identityLinks()).containsOnlyKeys("alice");
        assertThat(Loading.channel(loaded.config(), "webhook").accounts()).containsOnlyKeys("default", "shop");
    }

    @Test
    void theDocumentNamesEveryKeyWithItsTypeDefaultAndRangeAndNoOther() throws Exception {
        var documented = new LinkedHashMap<String, List<String>>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/configuration.md"))) {
            if (line.startsWith("| `")) {
                List<String> cells = new ArrayList<>();
                for (String cell : line.substring(2).split("(?<!\\\\)\\|", -1)) {
                    cells.add(cell.strip().replace("`", "").replace("\\|", "|"));
                }
                assertThat(documented.put(cells.get(0), cells.subList(1, 4)))
                        .as(cells.get(0))
                        .isNull();
            }
        }
        var known = new LinkedHashMap<String, List<String>>();
        Keys.all().forEach(key -> known.put(key.path(), List.of(key.kind().word(), key.otherwise(), key.range())));

        assertThat(documented).containsExactlyInAnyOrderEntriesOf(known);
    }

    @Test
    void aDamagedSampleIsReportedAndNeverThrows(@TempDir Path folder) throws IOException {
        String sample = uncommented();
        int understood = 0;
        for (int seed = 0; seed < 2_000; seed++) {
            String damaged = damaged(sample, new Random(seed));
            Files.write(folder.resolve("hub.yaml"), damaged.getBytes(StandardCharsets.UTF_8));
            var sets =
                    seed % 3 == 0 ? List.of(damaged.substring(0, Math.min(40, damaged.length()))) : List.<String>of();

            LoadedConfig loaded = new ConfigLoader(Map.of(), folder).load(Optional.of("hub.yaml"), sets);

            understood += loaded.problems().toString().contains("not YAML") ? 0 : 1;
            assertThat(loaded.config()).as("seed " + seed).isNotNull();
            assertThat(loaded.problems()).as("seed " + seed).allSatisfy(problem -> {
                assertThat(problem.place()).isNotBlank();
                assertThat(problem.message()).isNotBlank();
                assertThat(problem.cure()).isNotBlank();
                assertThat(problem.toString()).doesNotContain("\n");
            });
        }
        assertThat(understood).as("files that were damaged, but still YAML").isGreaterThan(200);
    }

    private static String damaged(String text, Random random) {
        var damaged = new StringBuilder(text);
        String noise = "{}[]:,#&*!|>'\"%@`-?~\n\t \\${}.0aÄ\u0000\u2028";
        for (int i = random.nextInt(1, 8); i > 0; i--) {
            int at = random.nextInt(damaged.length());
            switch (random.nextInt(5)) {
                case 0 -> damaged.setCharAt(at, noise.charAt(random.nextInt(noise.length())));
                case 1 -> damaged.insert(at, noise.charAt(random.nextInt(noise.length())));
                case 2 -> damaged.delete(at, Math.min(damaged.length() - 1, at + random.nextInt(1, 30)));
                case 3 -> damaged.insert(at, damaged.substring(at, Math.min(damaged.length(), at + 200)));
                default -> damaged.setLength(Math.max(1, at));
            }
        }
        return damaged.toString();
    }

    /** The sample with its commented keys switched on. */
    private static String uncommented() throws IOException {
        return Files.readString(ROOT.resolve("config/hub.yaml"))
                .replaceAll("(?m)^( +)# (  .*|[a-z-]+:.*|- .*)$", "$1$2")
                .replace("bindings: []", "bindings:")
                .replace("schedules: []", "schedules:")
                .replaceAll("(?m)^#( +- \\{.*)$", "$1");
    }

    /** All values; places and the folder in which the paths begin are left out. */
    private static String comparable(HubConfig config, Path folder) {
        var channels = new ArrayList<String>();
        config.channels().values().forEach(channel -> channel.accounts().forEach((id, settings) -> {
            // The sample shows accounts that wait for a token in the environment; without it they are as good as none.
            if (!"".equals(settings.asMap().get("token"))) {
                channels.add(channel.name() + " " + channel.enabled() + " " + id + new TreeMap<>(settings.asMap()));
            }
        }));
        channels.sort(null);
        return (config.hub()
                        + "\n" + config.server() + config.store() + config.attachments() + config.plugins()
                        + config.sessions()
                        + config.delivery() + config.defaultAgent()
                        + config.agents().values().stream()
                                .map(agent -> agent.id() + agent.type() + agent.timeout() + agent.breaker())
                                .toList()
                        + config.bindings().rules() + channels)
                .replace(folder.toString(), "");
    }
}
