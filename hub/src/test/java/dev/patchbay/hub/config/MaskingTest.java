package dev.patchbay.hub.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingTest {
    private static final String SECRET = "s3cr3t";

    private final Path folder;

    MaskingTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void nothingThatIsPrintedHoldsASecret() throws Exception {
        var loading = new Loading(folder).file("""
            server:
              port: "${PORT}"
              tokens:
                - { name: ops, token: s3cr3t, scopes: [chat] }
                - { name: bot, token: "s3cr3t again", scopes: [chat] }
                - { name: bit, token: s3cr3t, scopes: [chat] }
            store: { url: "jdbc:postgresql://me:s3cr3t@db/x?password=s3cr3t" }
            agents:
              main: { type: http, url: "http://me:s3cr3t@host/", secret: s3cr3t, timeout: "${TIME}" }
            bindings: [{ agent: main, token: s3cr3t }]
            channels:
              telegram: { accounts: { default: { token: s3cr3t } }, api-key: s3cr3t }
            """);
        loading.env("PORT", SECRET).env("TIME", SECRET).env("PATCHBAY_CHANNELS_TELEGRAM_PASSWORD", SECRET);
        loading.set("channels.webhook.accounts.default.secret=" + SECRET);

        LoadedConfig loaded = loading.load();

        assertThat(loaded.problems()).hasSizeGreaterThan(4);
        assertThat(loaded.toString()).doesNotContain(SECRET);
        assertThat(loaded.config().toString()).doesNotContain(SECRET).contains("token=***");
        assertThat(loaded.problems().toString())
                .doesNotContain(SECRET)
                .contains("\"${PORT}\" is not a whole number")
                .contains("\"jdbc:postgresql://***@db/x?password=***\" is not supported");
    }

    @Test
    void aSecretThatIsNoYamlIsNotQuotedEither() throws Exception {
        for (String broken :
                new String[] {"*s3cr3t", "!s3cr3t", "&s3cr3t", "%s3cr3t", "'s3cr3t", "[s3cr3t", "{s3cr3t"}) {
            String problems = new Loading(folder)
                    .file("channels: { telegram: { accounts: { default: { token: " + broken + " } } } }")
                    .problems()
                    .toString();
            assertThat(problems).as(broken).doesNotContain(SECRET);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server.tokens.0.token",
                "channels.webhook.accounts.a.secret",
                "channels.webhook.accounts.a.secrets.0",
                "channels.telegram.accounts.a.webhook-secret",
                "agents.main.api-key",
                "agents.main.api-keys.1",
                "agents.main.headers.X-Custom",
                "agents.main.tools.0.env.HOME",
                "agents.main.Password",
                "channels.x.client_secret",
            })
    void theseKeysHoldSecrets(String key) {
        assertThat(Secrets.isSecret(key)).isTrue();
        assertThat(Secrets.masked(key, SECRET)).isEqualTo("***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"server.tokens.0.name", "agents.main.max-tokens", "agents.main.context-tokens", "server.tls.key"
            })
    void theseDoNot(String key) {
        assertThat(Secrets.isSecret(key)).isFalse();
        assertThat(Secrets.masked(key, "shown")).isEqualTo("shown");
    }

    @ParameterizedTest
    @CsvSource({
        "http://me:s3cr3t@host/path, http://***@host/path",
        "https://host/a@b, https://host/a@b",
        "https://host/?a=1&access_token=s3cr3t&b=2, https://host/?a=1&access_token=***&b=2",
        "https://host/?key=s3cr3t, https://host/?key=***",
        "jdbc:x://h/d;PASSWORD=s3cr3t;A=1, jdbc:x://h/d;PASSWORD=***;A=1",
    })
    void addressesLoseTheirPasswords(String address, String shown) {
        assertThat(Secrets.maskedAddress(address)).isEqualTo(shown);
    }

    @Test
    void aLongOrMultilineValueIsShortenedToOneLine() {
        assertThat(Secrets.quoted("hub.name", "a\nb\u001b[31m" + "x".repeat(100)))
                .hasSize(63)
                .startsWith("\"a?b?[31mxxx")
                .endsWith("x…\"");
    }
}
