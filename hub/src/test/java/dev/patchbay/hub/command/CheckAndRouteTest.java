package dev.patchbay.hub.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that need no hub: {@code check} and {@code route}. */
class CheckAndRouteTest {
    @TempDir
    Path folder;

    @BeforeEach
    void configuration() throws Exception {
        Files.writeString(folder.resolve("good.yaml"), """
            hub: { data-dir: ./data }
            agents: { main: { type: echo }, support: { type: echo } }
            bindings:
              - { agent: support, match: { channel: telegram, peer: { kind: direct, id: "42" } } }
              - { agent: support, match: { channel: discord, guild: "123", roles: ["456"] } }
            """);
    }

    @Test
    void aGoodConfigurationEndsWithASummaryAndZero() {
        // When
        var seen = new CommandTrial(folder).run("check", "--config", "good.yaml");

        // Then
        assertThat(seen.err()).isEmpty();
        assertThat(seen.code()).isZero();
        assertThat(seen.out()).endsWith("good.yaml: ok: 0 errors, 0 warnings\n");
    }

    @Test
    void everyProblemIsShownAtOnceWithFileLineKeyAndCure() throws Exception {
        // Given
        Files.writeString(folder.resolve("file"), "");
        Files.writeString(folder.resolve("bad.yaml"), """
            hub:
              data-dir: ./file/data
            server:
              prot: 8080
            """);

        // When
        var seen = new CommandTrial(folder).run("check", "--config", "bad.yaml");

        // Then
        assertThat(seen.code()).isEqualTo(1);
        assertThat(seen.err())
                .contains("bad.yaml:2: hub.data-dir: ")
                .contains("is not a folder; ")
                .contains("bad.yaml:4: server.prot: ");
        assertThat(seen.out()).contains("bad.yaml: not ok: 2 errors");
    }

    @Test
    void aTokenFileThatOthersMayReadIsAWarningAndStrictMakesItFail() throws Exception {
        // Given
        Files.createDirectories(folder.resolve("data"));
        Path token = Files.writeString(folder.resolve("data/admin-token"), "secret\n");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));

        // When
        var lax = new CommandTrial(folder).run("check", "--config", "good.yaml");
        var strict = new CommandTrial(folder).run("check", "--config", "good.yaml", "--strict", "--json");

        // Then
        assertThat(lax.code()).isZero();
        assertThat(lax.err()).contains("chmod 600").contains("(warning)");
        assertThat(strict.code()).isEqualTo(1);
        assertThat(strict.out()).contains("\"ok\":false").contains("\"severity\":\"warning\"");
    }

    @Test
    void variablesAreListedWithoutTheirValues() throws Exception {
        // Given
        Files.writeString(folder.resolve("env.yaml"), """
            server:
              tokens:
                - { name: ops, token: "${OPS_TOKEN}", scopes: [admin] }
                - { name: dev, token: "${DEV_TOKEN:}", scopes: [read] }
            """);

        // When
        var seen = new CommandTrial(folder)
                .with("OPS_TOKEN", "very-secret-value-of-ops")
                .run("check", "--config", "env.yaml");

        // Then
        assertThat(seen.out())
                .containsPattern("OPS_TOKEN +required +\\*\\*\\*")
                .containsPattern("DEV_TOKEN +recommended +not set");
        assertThat(seen.out() + seen.err()).doesNotContain("very-secret-value-of-ops");
    }

    @Test
    void aRouteIsExplainedWithTheBindingAndTheKey() {
        // When
        var seen = new CommandTrial(folder)
                .run("route", "--config", "good.yaml", "--channel", "telegram", "--peer", "dm:42");

        // Then
        assertThat(seen.code()).isZero();
        assertThat(seen.out())
                .contains("agent     support")
                .contains("session   agent:support:telegram:direct:42")
                .contains("tier      peer")
                .contains("good.yaml:4");
    }

    @Test
    void asJsonARouteLooksLikeBindingsExplain() {
        // When
        var seen = new CommandTrial(folder)
                .run(
                        "route",
                        "--config",
                        "good.yaml",
                        "--json",
                        "--channel",
                        "discord",
                        "--peer",
                        "channel:200",
                        "--guild",
                        "123",
                        "--role",
                        "1,456");

        // Then
        assertThat(seen.out())
                .contains("\"agent_id\":\"support\"")
                .contains("\"tier\":\"guild+roles\"")
                .contains("\"session_key\":\"agent:support:discord:default:channel:200\"")
                .contains("\"considered\":[{")
                .hasLineCount(1);
    }

    @Test
    void aPeerOfNoKindIsAUsageError() {
        // When
        var seen = new CommandTrial(folder).run("route", "--channel", "telegram", "--peer", "martian:7");

        // Then
        assertThat(seen.code()).isEqualTo(2);
        assertThat(seen.err()).contains("martian");
    }

    @Test
    void bindingsThatAreWrongAreSaidByRouteAsWell() throws Exception {
        // Given
        Files.writeString(folder.resolve("bad.yaml"), """
            bindings:
              - { agent: nobody, match: { channel: telegram } }
            """);

        // When
        var seen = new CommandTrial(folder)
                .run("route", "--config", "bad.yaml", "--channel", "telegram", "--peer", "direct:1");

        // Then
        assertThat(seen.code()).isEqualTo(1);
        assertThat(seen.err()).contains("bad.yaml:2").contains("nobody");
    }
}
