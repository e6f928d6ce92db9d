package dev.patchbay.plugin.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.Capability;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.TextLimit;
import dev.patchbay.testkit.ManualClock;
import dev.patchbay.testkit.RecordingHost;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSettingsTest {
    private final WebhookPlugin plugin = new WebhookPlugin();

    @Test
    void anAccountWithoutSettingsIsInOrder() {
        assertThat(problems(Map.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"token", "standard-webhooks", "github", "slack", "stripe"})
    void aSchemeWithoutItsSecretIsAProblem(String scheme) {
        assertThat(problems(Map.of("verify", scheme)))
                .extracting(SettingProblem::key)
                .containsExactly("secret");
        assertThat(problems(Map.of("verify", scheme, "secret", "", "secrets", List.of("", " "))))
                .extracting(SettingProblem::key)
                .containsExactly("secret");
        assertThat(problems(Map.of("verify", scheme, "secrets", List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))))
                .isEmpty();
        assertThatThrownBy(() -> plugin.open(
                        Webhooks.settings(Map.of("verify", scheme)), new RecordingHost(new ManualClock(Instant.EPOCH))))
                .hasMessageContaining("needs a secret");
    }

    @Test
    void everythingWrongIsSaidAtOnceAndWithoutSecrets() {
        // When
        List<SettingProblem> problems = plugin.check(Webhooks.settings(
                Map.of(
                        "verify", "standard-webhooks",
                        "secret", "whsec_$$$",
                        "tolerance", "5",
                        "reply", "later",
                        "callback", Map.of("url", "ftp://example.org/", "secret", "s3cret!", "timeout", "1h")),
                "10.0.0.0/99"));

        // Then
        assertThat(problems)
                .extracting(SettingProblem::key)
                .containsExactlyInAnyOrder(
                        "secret", "tolerance", "reply", "callback.url", "callback.secret", "callback.timeout");
        assertThat(problems.toString()).doesNotContain("$$$", "s3cret");
    }

    @Test
    void whatIsWrongWithSharedSettingsIsSaidOnceAndNotForEachAccount() {
        // Given
        var settings = Webhooks.settings(Map.of(), "10.0.0.0/8", "foo");

        // When
        List<SettingProblem> problems = plugin.checkShared(settings.shared());

        // Then
        assertThat(problems).extracting(SettingProblem::key).containsExactly("allow-private.1");
        assertThat(plugin.check(settings)).isEmpty();
        assertThatThrownBy(() -> plugin.open(settings, new RecordingHost(new ManualClock(Instant.EPOCH))))
                .hasMessageContaining("allow-private.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.org",
                "//example.org/",
                "http://",
                "http:///path",
                "http://user:pw@example.org/",
                "http://example.org:0/",
                "http://example.org:65536/",
                "http://exam ple.org/",
                "http://a%2eb/",
                "http://[::1/",
                "javascript:alert(1)",
                "http://[1.2.3.4]x/"
            })
    void whatIsNoAddressOfAServerIsAProblem(String url) {
        assertThat(problems(Map.of("callback", Map.of("url", url))))
                .extracting(SettingProblem::key)
                .containsExactly("callback.url");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.org",
                "https://example.org:8443/a/b?c=d&e=%20",
                "HTTP://EXAMPLE.ORG/",
                "http://bücher.example/ü",
                "http://a_b.internal/",
                "http://127.1/",
                "http://[::1]:8080/"
            })
    void whatIsOneIsNot(String url) {
        assertThat(problems(Map.of("callback", Map.of("url", url)))).isEmpty();
    }

    @Test
    void aCallbackNeedsAnAddressThatMayBeEmpty() {
        assertThat(problems(Map.of("callback", Map.of("timeout", "5s")))).hasSize(1);
        assertThat(problems(Map.of("callback", Map.of("url", "", "timeout", "5s"))))
                .isEmpty();
    }

    @Test
    void onlyAnAccountWithACallbackSends() {
        assertThat(plugin.capabilities(Webhooks.settings(Map.of()))).doesNotContain(Capability.SEND);
        assertThat(plugin.capabilities(Webhooks.settings(Map.of("callback", Map.of("url", "")))))
                .doesNotContain(Capability.SEND);
        assertThat(plugin.capabilities(Webhooks.settings(Map.of("callback", Map.of("url", "http://example.org/")))))
                .contains(Capability.SEND, Capability.ATTACHMENTS);
    }

    @Test
    void aTextIsSplitOnlyIfTheAccountSaysSo() {
        assertThat(plugin.textLimit(Webhooks.settings(Map.of()))).isEqualTo(TextLimit.NONE);
        assertThat(plugin.textLimit(Webhooks.settings(Map.of("text-limit", "2000"))))
                .isEqualTo(new TextLimit(2000, TextLimit.Unit.UTF16));
    }

    @Test
    void theSchemasAreJson() throws Exception {
        var json = new ObjectMapper();

        assertThat(json.readTree(plugin.accountSchema()).path("properties").size())
                .isGreaterThan(5);
        assertThat(json.readTree(plugin.channelSchema()).path("properties").has("allow-private"))
                .isTrue();
    }

    private List<SettingProblem> problems(Map<String, ?> account) {
        return plugin.check(Webhooks.settings(account));
    }
}
