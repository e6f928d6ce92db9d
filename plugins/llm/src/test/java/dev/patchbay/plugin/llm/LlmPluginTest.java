package dev.patchbay.plugin.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator is told about a configuration before anything is asked of a model. */
class LlmPluginTest {
    final LlmPlugin plugin = new LlmPlugin();
    final Map<String, Object> settings =
            new LinkedHashMap<>(Map.of("provider", "openai", "model", "m", "api-key", "k"));

    @TempDir
    Path folder;

    List<String> problems() {
        return plugin.check(Settings.of(settings)).stream()
                .map(SettingProblem::key)
                .toList();
    }

    @Test
    void whatIsRightIsRight() throws Exception {
        settings.put(
                "system-file",
                Files.writeString(folder.resolve("SOUL.md"), "Kind").toString());

        assertThat(problems()).isEmpty();
    }

    @Test
    void anUnknownProviderAndABlankModelAreNamed() {
        settings.put("provider", "openia");
        settings.put("model", " ");

        assertThat(problems()).containsExactly("provider", "model");
    }

    @Test
    void whatTheSchemaSaysIsNotSaidTwice() {
        settings.clear();

        assertThat(problems()).isEmpty();
    }

    @Test
    void theOfficialAddressWantsAKeyAndAnyOtherDoesNot() {
        settings.remove("api-key");
        assertThat(problems()).containsExactly("api-key");

        settings.put("base-url", "http://127.0.0.1:1234/v1");
        assertThat(problems()).isEmpty();
    }

    @Test
    void anEmptyKeyIsNoErrorYet() {
        settings.put("api-key", "");

        assertThat(problems()).isEmpty();
    }

    @Test
    void aSystemFileThatIsMissingOrBlankIsNamed() {
        settings.put("system-file", folder.resolve("none.md").toString());
        assertThat(problems()).containsExactly("system-file");

        settings.put("system-file", " ");
        assertThat(problems()).containsExactly("system-file");
    }

    @Test
    void aToolServerNeedsACommandOrAnAddressAndANameOfItsOwn() {
        settings.put(
                "tools",
                List.of(
                        Map.of("name", "a", "command", List.of("x")),
                        Map.of("name", "a", "url", "http://127.0.0.1:1/mcp"),
                        Map.of("name", "b")));

        assertThat(problems()).containsExactly("tools.1.name", "tools.2");
    }

    @Test
    void noSecretIsInWhatIsPrinted() {
        settings.put("api-key", "very-secret");

        assertThat(LlmSettings.read(Settings.of(settings), new java.util.ArrayList<>())
                        .toString())
                .doesNotContain("very-secret");
    }
}
