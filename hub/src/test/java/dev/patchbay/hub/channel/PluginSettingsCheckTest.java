package dev.patchbay.hub.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.api.Reply;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.agent.http.HttpAgentPlugin;
import dev.patchbay.hub.attachment.TestFiles;
import dev.patchbay.hub.config.ConfigLoader;
import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.config.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
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
    void aChannelThatNobodyOffersIsAnErrorIfMisspeltAndNothingIfMerelyUnused() throws Exception {
        assertThat(problems("channels: { telegram: { accounts: { default: { token: \"\" } } } }"))
                .isEmpty();
        assertThat(problems("channels: { matrx: { enabled: true } }"))
                .singleElement()
                .asString()
                .isEqualTo("hub.yaml:1: channels.matrx: no plugin offers channel matrx; did you mean matrix?");
        assertThat(problems("channels: { matrx: { enabled: true } }", Problem::isError))
                .hasSize(1);
        assertThat(problems("channels: { telegran: { accounts: { a: { token: x } } } }", Problem::isError))
                .singleElement()
                .asString()
                .endsWith("did you mean telegram?");
        assertThat(problems("channels: { signal: { enabled: true } }")).hasSize(1);
        assertThat(problems("channels: { signal: { enabled: true } }", Problem::isError))
                .isEmpty();
    }

    @Test
    void whatIsWrongWithSharedSettingsIsSaidOnceAtItsOwnLine() throws Exception {
        // Given
        matrix.checkShared = shared -> List.of(new SettingProblem("allow.0", "is no network", "write one"));

        // When
        List<String> problems = problems("""
            channels:
              matrix:
                allow: [foo]
                accounts:
                  home: { token: abcd }
                  work: { token: abcd }
            """);

        // Then
        assertThat(problems).containsExactly("hub.yaml:3: channels.matrix.allow.0: is no network; write one");
    }

    @Test
    void thePluginIsAskedEvenIfTheSchemaFoundSomething() throws Exception {
        // Given
        matrix.check = settings -> List.of(
                new SettingProblem("token", "is too short", "write more"),
                new SettingProblem("tokne", "is not needed", "remove it"));

        // When
        List<String> problems = problems("channels: { matrix: { accounts: { home: { token: abcd, tokne: x } } } }");

        // Then
        assertThat(problems).hasSize(2).anyMatch(each -> each.contains("token: is too short"));
        assertThat(problems).noneMatch(each -> each.contains("is not needed"));
    }

    @Test
    void aPluginThatStumblesOverWhatItsSchemaForbidsIsNotToBlame() throws Exception {
        // Given
        matrix.check = settings -> {
            throw new IllegalArgumentException("token is a list");
        };

        // When
        List<String> problems = problems("channels: { matrix: { accounts: { home: { token: [a] } } } }");

        // Then
        assertThat(problems).singleElement().asString().doesNotContain("failed to check");
    }

    @Test
    void anAccountThatStrangersCanReachTakesTheKeysOfTheDoor() throws Exception {
        // Given
        matrix.meetsStrangers = true;
        matrix.accountSchema = "{\"properties\":{\"token\":{\"type\":\"string\"}},\"additionalProperties\":false}";

        // When
        List<String> good = problems("""
            channels:
              matrix:
                accounts:
                  home:
                    token: abcd
                    dm-policy: allowlist
                    allow-from: [42, "43"]
                    groups: { policy: allowlist, allow: [-100], require-mention: false }
                    commands: false
            """);
        List<String> bad = problems("""
            channels:
              matrix:
                accounts:
                  home:
                    dm-policy: opne
                    allow-form: [42]
                    groups: { policy: allowlist, require-mention: perhaps, alow: [] }
            """);

        // Then
        assertThat(good).isEmpty();
        assertThat(bad)
                .containsExactlyInAnyOrder(
                        "hub.yaml:5: channels.matrix.accounts.home.dm-policy: \"opne\" is not known; did you mean"
                                + " open?",
                        "hub.yaml:6: channels.matrix.accounts.home.allow-form: unknown key; did you mean allow-from?",
                        "hub.yaml:7: channels.matrix.accounts.home.groups.require-mention: \"perhaps\" is not true or"
                                + " false; write true or false",
                        "hub.yaml:7: channels.matrix.accounts.home.groups.alow: unknown key; did you mean allow?",
                        "hub.yaml:7: channels.matrix.accounts.home.groups.policy: answers in no group without allow;"
                                + " list ids in groups.allow, or take open");
    }

    @Test
    void anAccountThatMeetsNoStrangersHasNoSuchKeysButMaySwitchCommandsOff() throws Exception {
        assertThat(problems("channels: { matrix: { accounts: { home: { commands: false } } } }"))
                .isEmpty();
        assertThat(problems("channels: { matrix: { accounts: { home: { dm-policy: open } } } }"))
                .singleElement()
                .asString()
                .contains("dm-policy: unknown key");
    }

    @Test
    void aPluginThatTakesAnythingStillDoes() throws Exception {
        // Given
        matrix.meetsStrangers = true;
        matrix.accountSchema = "{}";

        // When, Then
        assertThat(problems("channels: { matrix: { accounts: { home: { whatever: 1, dm-policy: nobody } } } }"))
                .singleElement()
                .asString()
                .contains("dm-policy: ");
    }

    @Test
    void everythingWrongWithAnHttpAgentIsSaidAtOnceAndWithoutItsSecrets() throws Exception {
        // When
        List<String> problems = problems("""
            agents:
              main: { type: http, url: "http://anna:pw@127.0.0.1/", secret: "not base64!", retries: many, retires: 1 }
            channels: { cli: { enabled: true } }
            """, each -> true, "");

        // Then
        assertThat(problems)
                .hasSize(4)
                .anyMatch(each -> each.contains("agents.main.url: holds a user or a password"))
                .anyMatch(each -> each.contains("agents.main.secret: is no Base64"))
                .anyMatch(each -> each.contains("agents.main.retries: "))
                .anyMatch(each -> each.contains("agents.main.retires: "))
                .allMatch(each -> each.startsWith("hub.yaml:2: "))
                .noneMatch(each -> each.contains("pw") || each.contains("not base64"));
    }

    private List<String> problems(String yaml) throws Exception {
        return problems(yaml, each -> true);
    }

    private List<String> problems(String yaml, Predicate<Problem> kind) throws Exception {
        return problems(yaml, kind, "agents: { main: { type: echo } }\ndefault-agent: main\n");
    }

    private List<String> problems(String yaml, Predicate<Problem> kind, String agents) throws Exception {
        Files.writeString(folder.resolve("hub.yaml"), yaml + "\n" + agents);
        LoadedConfig loaded = new ConfigLoader(Map.of(), folder).load(Optional.of("hub.yaml"), List.of());
        assertThat(loaded.problems()).isEmpty();
        Map<String, ChannelPlugin> channels =
                Map.of("matrix", matrix, "cli", new ScriptedPlugin("cli"), "webhook", new ScriptedPlugin("webhook"));
        var http = new HttpAgentPlugin(Clock.systemUTC(), Thread.ofVirtual().factory(), TestFiles.nowhere());
        var check = new PluginSettingsCheck(
                channels, Map.of("echo", new EchoStub(), "http", http), board.world(), Duration.ofSeconds(10));
        return loaded.checkedBy(check).problems().stream()
                .filter(kind)
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
