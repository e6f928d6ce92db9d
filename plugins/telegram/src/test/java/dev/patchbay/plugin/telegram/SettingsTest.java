package dev.patchbay.plugin.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.Capability;
import dev.patchbay.api.Pacing;
import dev.patchbay.api.Pacing.Limit.Bucket;
import dev.patchbay.api.Pacing.Limit.Window;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.testkit.ManualClock;
import dev.patchbay.testkit.RecordingHost;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private final TelegramPlugin plugin = new TelegramPlugin();

    @Test
    void anAccountWithoutATokenIsNotConfiguredAndNoError() {
        assertThat(plugin.isConfigured(Bots.settings(Map.of("token", " ")))).isFalse();
        assertThat(plugin.check(Bots.settings(Map.of()))).isEmpty();
        assertThat(plugin.isConfigured(Bots.settings(Map.of("token", Bots.TOKEN))))
                .isTrue();
    }

    @Test
    void whatIsWrongIsSaidWithItsKey() {
        assertThat(problems("token", "no token")).containsExactly("token");
        assertThat(problems("mode", "webhook")).containsExactly("webhook-secret");
        assertThat(problems("mode", "webhook", "webhook-secret", "not good!")).containsExactly("webhook-secret");
        assertThat(problems("mode", "webhook", "webhook-secret", "x".repeat(257)))
                .containsExactly("webhook-secret");
        assertThat(problems("mode", "push")).containsExactly("mode");
        assertThat(problems("api-url", "https://x.y/path")).containsExactly("api-url");
        assertThat(problems("api-url", "x.y")).containsExactly("api-url");
        assertThat(problems("poll-timeout", "10")).containsExactly("poll-timeout");
        assertThat(problems("poll-timeout", "2m")).containsExactly("poll-timeout");
        assertThat(problems("proxy", "ftp://x:1")).containsExactly("proxy");
        assertThat(problems("proxy", "http://x")).containsExactly("proxy");
        assertThat(problems("stream", "yes")).containsExactly("stream");
        assertThat(problems("reply-mode", "often")).containsExactly("reply-mode");
        assertThat(problems("markdown", "maybe")).containsExactly("markdown");
        assertThat(problems("commands", Map.of("Not Good", "x"))).containsExactly("commands");
        assertThat(problems("pacing", Map.of("burst", "0"))).containsExactly("pacing.burst");
    }

    @Test
    void whatIsRightIsNot() {
        assertThat(problems("mode", "webhook", "webhook-secret", "aZ_-9", "public-url", "https://hub.example.org"))
                .isEmpty();
        assertThat(problems("proxy", "http://user:pass@proxy:3128")).isEmpty();
        assertThat(problems("proxy", "socks5://proxy:1080")).isEmpty();
        assertThat(problems("commands", "false")).isEmpty();
        assertThat(problems("commands", List.of(Map.of("name", "menu", "description", "What there is"))))
                .isEmpty();
    }

    @Test
    void pacingIsTelegramsUnlessSaidOtherwise() {
        var second = Duration.ofSeconds(1);

        assertThat(plugin.pacing(Bots.settings(Map.of())))
                .isEqualTo(new Pacing(
                        List.of(new Window(30, second)),
                        List.of(new Bucket(3, second)),
                        List.of(new Bucket(3, second), new Window(20, Duration.ofSeconds(60)))));
        assertThat(plugin.pacing(Bots.settings(Map.of("pacing", Map.of("per-second", "5", "interval", "2s"))))
                        .account())
                .containsExactly(new Window(5, second));
    }

    @Test
    void draftsAreShownOnlyWithEdits() {
        assertThat(plugin.capabilities(Bots.settings(Map.of()))).contains(Capability.DRAFTS);
        assertThat(plugin.capabilities(Bots.settings(Map.of("stream", "off")))).doesNotContain(Capability.DRAFTS);
    }

    @Test
    void noProblemAndNoTextShowsASecret() {
        var settings =
                Bots.settings(Map.of("token", "bad:AAsecret!", "proxy", "http://user:AAsecret@", "mode", "webhook"));

        assertThat(plugin.check(settings).toString()).doesNotContain("AAsecret");
        assertThatThrownBy(() -> plugin.open(
                        settings, new RecordingHost(new ManualClock(Instant.parse("2026-03-01T12:00:00Z")))))
                .hasMessageContaining("token")
                .hasMessageNotContaining("AAsecret");
    }

    @Test
    void theSchemaIsJsonAndNamesEveryKeyOfThePage() throws Exception {
        var properties = new ObjectMapper().readTree(plugin.accountSchema()).path("properties");

        assertThat(properties.properties().stream().map(Map.Entry::getKey))
                .containsExactlyInAnyOrder(
                        "token",
                        "api-url",
                        "mode",
                        "webhook-secret",
                        "public-url",
                        "poll-timeout",
                        "proxy",
                        "stream",
                        "commands",
                        "ack-reaction",
                        "reply-mode",
                        "markdown",
                        "pacing");
    }

    private List<String> problems(Object... keysAndValues) {
        var account = new HashMap<String, Object>(Map.of("token", Bots.TOKEN));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            account.put(keysAndValues[i].toString(), keysAndValues[i + 1]);
        }
        return plugin.check(Bots.settings(account)).stream()
                .map(SettingProblem::key)
                .toList();
    }
}
