package dev.patchbay.hub.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.api.Reply;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.config.ConfigLoader;
import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.config.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginSettingsCheckTest {
    @TempDir
    Path folder;

    private final Switchboard board = new Switchboard();
    private final ScriptedPlugin matrix = new ScriptedPlugin("matrix");

    PluginSettingsCheckTest() throws InterruptedException {}

    @Test
    void unknownKeysOfAnAccountAreFoundWithTheirLine() throws Exception {
        assertThat(problems("""
            channels:
              matrix:
                accounts:
                  home: { token: abcd, tokne: abcd }
            """))
                .singleElement()
                .asString()
                .startsWith("hub.yaml:4: channels.matrix.accounts.home.tokne: ");
    }

    @Test
    void whatThePluginSaysIsShownAtItsAccount() throws Exception {
        // Given
        matrix.check = settings -> List.of(new SettingProblem("token", "is too short", "write more"));

        // When
        List<String> problems = problems("""
            channels:
              matrix:
                accounts:
                  home: { token: abcd }
            """);

        // Then
        assertThat(problems)
                .containsExactly("hub.yaml:4: channels.matrix.accounts.home.token: is too short; write more");
    }

    @Test
    void aPluginThatFailsToCheckIsAProblemWithoutItsWords() throws Exception {
        // Given
        matrix.check = settings -> {
            throw new IllegalStateException("token abcd");
        };

        // When
        List<String> problems = problems("channels: { matrix: { accounts: { home: { token: abcd } } } }");

        // Then
        assertThat(problems)
                .singleElement()
                .asString()
                .contains("IllegalStateException")
                .doesNotContain("abcd");
    }

    @Test
    void whatIsNotConfiguredIsNotCheckedFurther() throws Exception {
        // Given
        matrix.configured = false;
        matrix.check = settings -> List.of(new SettingProblem("token", "is missing", "write one"));

        // When
        List<String> problems = problems("channels: { matrix: { accounts: { home: { token: \"\" } } } }");

        // Then
        assertThat(problems).isEmpty();
    }

    @Test
    void aChannelThatNobodyOffersIsAWarningUnlessItIsMerelyUnused() throws Exception {
        assertThat(problems("channels: { telegram: { accounts: { default: { token: \"\" } } } }"))
                .isEmpty();
        assertThat(problems("channels: { matrx: { enabled: true } }"))
                .singleElement()
                .asString()
                .contains("no plugin offers channel matrx");
    }

    private List<String> problems(String yaml) throws Exception {
        String agents = "agents: { main: { type: echo } }\ndefault-agent: main\n";
        Files.writeString(folder.resolve("hub.yaml"), yaml + "\n" + agents);
        LoadedConfig loaded = new ConfigLoader(Map.of(), folder).load(Optional.of("hub.yaml"), List.of());
        assertThat(loaded.problems()).isEmpty();
        Map<String, ChannelPlugin> channels =
                Map.of("matrix", matrix, "cli", new ScriptedPlugin("cli"), "webhook", new ScriptedPlugin("webhook"));
        var check = new PluginSettingsCheck(
                channels, Map.of("echo", new EchoStub()), board.world(), Duration.ofSeconds(10));
        return loaded.checkedBy(check).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    private static final class EchoStub implements AgentPlugin {
        @Override
        public String type() {
            return "echo";
        }

        @Override
        public String settingsSchema() {
            return "{\"properties\":{}}";
        }

        @Override
        public Agent open(String agentId, Settings settings) {
            return (turn, sink) -> Reply.silence();
        }
    }
}
