package dev.patchbay.hub.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.command.HubRunner.NotStarted;
import dev.patchbay.hub.config.HubConfig;
import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.config.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code patchbay run}: what it prints, how it ends. */
class RunTest {
    @TempDir
    Path folder;

    final ScriptedHub hub = new ScriptedHub();

    @Test
    void theAddressComesFirstThenThreeLinesThatSayWhatToDo() {
        // When
        var seen = new CommandTrial(folder).with(hub, Runnable::run).run("run", "--set", "server.port=9");

        // Then
        assertThat(seen.code()).isZero();
        assertThat(seen.out().lines()).hasSize(4).first().isEqualTo("http://127.0.0.1:4711/");
        assertThat(seen.out())
                .contains("./patchbay chat --set server.port=9")
                .contains("curl http://127.0.0.1:4711/webhooks/default");
    }

    @Test
    void asJsonItIsTheAddressAlone() {
        // When
        var seen = new CommandTrial(folder).with(hub, Runnable::run).run("run", "--json");

        // Then
        assertThat(seen.out()).isEqualTo("{\"url\":\"http://127.0.0.1:4711/\"}\n");
    }

    @Test
    void aSignalDrainsForAsLongAsConfiguredAndEndsWithZero() {
        // When
        var seen = new CommandTrial(folder).with(hub, Runnable::run).run("run", "--set", "hub.drain-timeout=7s");

        // Then
        assertThat(seen.code()).isZero();
        assertThat(hub.drained).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void aHubThatStopsByItselfIsNoSuccess() {
        // Given
        hub.stopped.countDown();

        // When
        var seen = new CommandTrial(folder).with(hub, stop -> {}).run("run");

        // Then
        assertThat(seen.code()).isEqualTo(3);
        assertThat(hub.drained).isNull();
    }

    @Test
    void allProblemsOfTheConfigurationAreShownAndNothingStarts() throws Exception {
        // Given
        Files.writeString(folder.resolve("hub.yaml"), """
            server:
              prot: 8080
            delivery:
              ttl: 7
            """);

        // When
        var seen = new CommandTrial(folder).with(hub, Runnable::run).run("run", "--config", "hub.yaml");

        // Then
        assertThat(seen.code()).isEqualTo(1);
        assertThat(seen.out()).isEmpty();
        assertThat(seen.err()).contains("hub.yaml:2: server.prot: ").contains("hub.yaml:4: delivery.ttl: ");
    }

    @Test
    void whatOnlyPluginsKnowIsAConfigurationProblemToo() {
        // Given
        hub.why = new NotStarted(List.of(Problem.error("hub.yaml:9", "channels.x.y", "is unknown", "remove it")));

        // When
        var seen = new CommandTrial(folder).with(hub, Runnable::run).run("run");

        // Then
        assertThat(seen.code()).isEqualTo(1);
        assertThat(seen.err()).contains("hub.yaml:9: channels.x.y: is unknown; remove it");
    }

    @Test
    void aTakenPortIsNamedWithItsCure() {
        // Given
        hub.why = new NotStarted("port 8080 on 127.0.0.1 is taken", "choose another one", new IOException());

        // When
        var seen = new CommandTrial(folder).with(hub, Runnable::run).run("run");

        // Then
        assertThat(seen.code()).isEqualTo(3);
        assertThat(seen.err()).isEqualTo("patchbay: port 8080 on 127.0.0.1 is taken\n  choose another one\n");
    }

    @Test
    void anUnknownLogFormatIsAUsageError() {
        // When
        var seen = new CommandTrial(folder).with(hub, Runnable::run).run("run", "--log", "xml");

        // Then
        assertThat(seen.code()).isEqualTo(2);
    }

    private static final class ScriptedHub implements HubRunner, HubRunner.RunningHub {
        final CountDownLatch stopped = new CountDownLatch(1);

        @Nullable
        NotStarted why;

        @Nullable
        Duration drained;

        @Override
        public StoreTools storeTools(HubConfig config) {
            throw new AssertionError("no files are to be touched");
        }

        @Override
        public RunningHub start(LoadedConfig config, Supplier<LoadedConfig> again) throws NotStarted {
            if (why != null) {
                throw why;
            }
            return this;
        }

        @Override
        public Inspection inspect(LoadedConfig config) {
            return new Inspection(List.of(), List.of());
        }

        @Override
        public URI url() {
            return URI.create("http://127.0.0.1:4711/");
        }

        @Override
        public void awaitStop() throws InterruptedException {
            stopped.await();
        }

        @Override
        public boolean drain(Duration wait) {
            drained = wait;
            stopped.countDown();
            return true;
        }
    }
}
