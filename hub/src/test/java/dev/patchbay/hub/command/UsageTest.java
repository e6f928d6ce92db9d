package dev.patchbay.hub.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to command lines before any command does anything. */
class UsageTest {
    @TempDir
    Path folder;

    @Test
    void theVersionGoesToStandardOutput() {
        // When
        var seen = new CommandTrial(folder).run("--version");

        // Then
        assertThat(seen.code()).isZero();
        assertThat(seen.out()).isEqualTo("patchbay 1.2.3\n");
    }

    @Test
    void withoutACommandTheHelpIsShownAndTheCodeIsTwo() {
        // When
        var seen = new CommandTrial(folder).run();

        // Then
        assertThat(seen.code()).isEqualTo(2);
        assertThat(seen.out()).isEmpty();
        assertThat(seen.err()).contains("Commands:").contains("patchbay run");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "chat",
                "check",
                "send",
                "status",
                "channels",
                "agents",
                "sessions",
                "recall",
                "deliveries",
                "plugins",
                "route",
                "pairing",
                "pairing approve",
                "pairing revoke",
                "channels restart",
                "sessions export",
                "deliveries retry",
                "plugins list",
                "plugins install",
                "plugins reload",
                "plugins remove"
            })
    void everyCommandHelpsAndTakesTheCommonOptions(String command) {
        // When
        var seen = new CommandTrial(folder).run((command + " --help").split(" "));

        // Then
        assertThat(seen.code()).isZero();
        assertThat(seen.err()).isEmpty();
        assertThat(seen.out()).contains("--config", "--set", "--json", "-v", "Usage: patchbay " + command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"status --tokn=s3cret", "status --tokn s3cret", "--tokn=s3cret status", "status -v --tokn=s3cret"
            })
    void whatIsGivenToAMisspeltOptionIsNotRepeated(String line) {
        // When
        var seen = new CommandTrial(folder).run(line.split(" "));

        // Then
        assertThat(seen.code()).isEqualTo(2);
        assertThat(seen.err()).contains("there is no option --tokn", "--help").doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bogus", "chat --bogus", "send", "channels restart", "route --channel", "run surplus"})
    void nonsenseIsAUsageErrorInOneLineWithACure(String line) {
        // When
        var seen = new CommandTrial(folder).run(line.split(" "));

        // Then
        assertThat(seen.code()).isEqualTo(2);
        assertThat(seen.out()).isEmpty();
        assertThat(seen.err().lines()).hasSize(2).first().asString().startsWith("patchbay: ");
        assertThat(seen.err()).contains("--help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cret", "=s3cret", " =s3cret", "server.=s3cret", "a..b=s3cret", ".a=s3cret"})
    void aSetWithoutAKeyIsAUsageErrorThatDoesNotQuoteIt(String set) {
        // When
        var before = new CommandTrial(folder).run("--set", set, "check");
        var after = new CommandTrial(folder).run("status", "--set", set);

        // Then
        assertThat(before.code()).isEqualTo(2);
        assertThat(after.code()).isEqualTo(2);
        assertThat(before.err()).contains("--set").doesNotContain("s3cret");
    }

    @Test
    void aSetMayHoldAnythingBehindItsEqualsSign() {
        assertThat(new CommandTrial(folder)
                        .run("--set", "hub.name=a=b. .\nc", "--set", "hub.name=", "check")
                        .code())
                .isNotEqualTo(2);
    }

    @Test
    void aMisspeltCommandIsGuessed() {
        // When
        var seen = new CommandTrial(folder).run("chanels");

        // Then
        assertThat(seen.err()).contains("did you mean channels?");
    }

    @Test
    void hiddenAndLaterCommandsAreNotInTheHelp() {
        // When
        var seen = new CommandTrial(folder).run("--help");

        // Then
        assertThat(seen.out()).doesNotContain("rehearse", "import");
    }

    @Test
    void commonOptionsCountBeforeAndAfterTheCommandAndTheLastOfEqualKeysWins() {
        // When
        var seen = new CommandTrial(folder)
                .run(
                        "--set",
                        "server.port=5",
                        "--set",
                        "hub.name=y",
                        "status",
                        "--set",
                        "server.port=1",
                        "--set",
                        "hub.name=x");

        // Then
        assertThat(seen.code()).isEqualTo(3);
        assertThat(seen.err()).contains("http://127.0.0.1:1/");
    }

    @Test
    void aSetThatIsRepeatedLaterStillWins() {
        // When
        var seen = new CommandTrial(folder)
                .run("status", "--set", "server.port=1", "--set", "server.port=5", "--set", "server.port=1");

        // Then
        assertThat(seen.err()).contains("http://127.0.0.1:1/");
    }

    @Test
    void textThatLooksLikeAFileReferenceIsText() throws Exception {
        // Given
        Files.writeString(folder.resolve("alice"), "--bogus");

        // When
        var seen = new CommandTrial(folder)
                .run(
                        "send",
                        "--channel",
                        "telegram",
                        "--to",
                        "@alice",
                        "@" + folder.resolve("alice"),
                        "--set",
                        "server.port=1");

        // Then
        assertThat(seen.code()).isEqualTo(3);
    }

    @Test
    void verboseAddsTheStack() {
        // When
        var quiet = new CommandTrial(folder).run("status", "--set", "server.port=1");
        var verbose = new CommandTrial(folder).run("status", "--set", "server.port=1", "-v");

        // Then
        assertThat(quiet.err()).doesNotContain("\tat ");
        assertThat(verbose.err()).startsWith(quiet.err()).contains("\tat ");
    }
}
