package dev.patchbay.hub.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.lane.SystemAlarm;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.plugin.PluginStatus.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PluginHostTest {
    private static final ChannelSettings NONE = new ChannelSettings("any", "default", Settings.EMPTY, Settings.EMPTY);

    @TempDir
    Path folder;

    private final SystemAlarm alarm = new SystemAlarm(Clock.systemUTC());
    private Duration startTimeout = Duration.ofSeconds(30);
    private @Nullable PluginHost host;

    @AfterEach
    void stop() {
        if (host != null) {
            host.close();
        }
        alarm.close();
    }

    @Test
    void aJarAndAZipAreLoadedAndListed() throws Exception {
        // Given
        Archive.channel("webhook", "0.1.0", "webhook").zip(shipped("webhook.zip"));
        Archive.channel("matrix", "1.2.3", "matrix").jar(dropIn("matrix.jar"));
        Files.createDirectories(folder.resolve("drop-ins"));
        Files.writeString(dropIn("README.txt"), "no plugin");

        // When
        List<PluginStatus> list = open().list();

        // Then
        assertThat(list)
                .containsExactly(
                        new PluginStatus(
                                "webhook",
                                "0.1.0",
                                State.RUNNING,
                                "webhook.zip",
                                List.of("webhook"),
                                List.of(),
                                none()),
                        new PluginStatus(
                                "matrix", "1.2.3", State.RUNNING, "matrix.jar", List.of("matrix"), List.of(), none()));
        assertThat(channel("matrix").open(NONE, new SilentHost())).isNotNull();
    }

    @Test
    void anAgentPluginIsOffered() throws Exception {
        // Given
        Archive.plugin("parrot", "1.0.0").source("demo.Parrot", """
            package demo;
            import dev.patchbay.api.*;
            @org.pf4j.Extension
            public class Parrot implements AgentPlugin {
                public String type() { return "parrot"; }
                public String settingsSchema() { return "{}"; }
                public Agent open(String id, Settings settings) { return (turn, sink) -> Reply.text(turn.text()); }
            }
            """).jar(dropIn("parrot.jar"));

        // When
        AgentPlugin parrot = open().agentPlugins().get("parrot");

        // Then
        assertThat(parrot).isNotNull();
        assertThat(host().list().getFirst().agents()).containsExactly("parrot");
    }

    @Test
    void aPluginSeesItsOwnLibrariesAndTheApiButNothingOfTheHub() throws Exception {
        // Given: a class of the same name as one of the hub's libraries
        String looks = """
            private static String see(String name) {
                try {
                    Class.forName(name);
                    return "y";
                } catch (ClassNotFoundException hidden) {
                    return "n";
                }
            }
            public java.util.Optional<String> httpPath() {
                return java.util.Optional.of(String.join("-",
                    see("dev.patchbay.hub.plugin.PluginHost"), see("com.fasterxml.jackson.core.JsonFactory"),
                    see("org.h2.Driver"), see("java.sql.Driver"), see("org.slf4j.Logger"), see("picocli.CommandLine")));
            }
            """;
        Archive.plugin("curious", "1.0.0")
                .source("demo.Curious", Archive.channelSource("demo", "Curious", "curious", looks))
                .source("picocli.CommandLine", "package picocli; public class CommandLine {}")
                .jar(dropIn("curious.jar"));

        // When
        open();

        // Then
        assertThat(only().reason()).isEmpty();
        assertThat(channel("curious").httpPath()).contains("n-n-n-y-y-y");
    }

    @Test
    void aPluginThatBundlesTheApiStillSpeaksTheHubs() throws Exception {
        // Given
        Archive.channel("careless", "1.0.0", "careless").bundlingTheApi().jar(dropIn("careless.jar"));

        // When
        open();

        // Then
        assertThat(only().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void aJarWithoutAnyManifestIsToldWhatBelongsIntoOne() throws Exception {
        // Given
        Files.createDirectories(dropIn("bare.jar").getParent());
        try (var jar = new ZipOutputStream(Files.newOutputStream(dropIn("bare.jar")))) {
            jar.putNextEntry(new ZipEntry("demo/readme.txt"));
        }

        // When
        open();

        // Then
        assertThat(only().state()).isEqualTo(State.REFUSED);
        assertThat(only().reason().orElseThrow()).contains("META-INF/MANIFEST.MF", "Plugin-Id");
    }

    @Test
    void whatCannotBeAPluginIsRefusedWithAReasonForItsAuthor() throws Exception {
        // Given
        Archive.channel("a", "1.0.0", "a").withoutAnnotationProcessing().jar(dropIn("a-unprocessed.jar"));
        Archive.channel("b", "1.0.0", "b")
                .manifest("Plugin-Requires", ">=9.0.0")
                .jar(dropIn("b-too-new.jar"));
        new Archive().entry("demo/readme.txt", "hello").jar(dropIn("c-no-manifest.jar"));
        Files.writeString(dropIn("d-broken.zip"), "this is no zip");
        Archive.channel("e", "first", "e").jar(dropIn("e-version.jar"));
        Archive.plugin("f", "1.0.0")
                .source(
                        "demo.Nothing",
                        "package demo; @org.pf4j.Extension public class Nothing implements org.pf4j.ExtensionPoint {}")
                .jar(dropIn("f-other-extension.jar"));
        Archive.channel("g", "1.0.0", "G g").jar(dropIn("g-type.jar"));
        Archive.channel("h", "1.0.0", "h")
                .manifest("Plugin-Dependencies", "other")
                .jar(dropIn("h-needs.jar"));

        // When
        open();

        // Then
        assertThat(host().list()).allMatch(each -> each.state() == State.REFUSED);
        assertThat(reasons())
                .satisfiesExactly(
                        a -> assertThat(a).contains("META-INF/extensions.idx", "-proc:full"),
                        b -> assertThat(b).contains(">=9.0.0", "0.1.0", "newer hub"),
                        c -> assertThat(c).contains("Plugin-Id"),
                        d -> assertThat(d).contains("no zip"),
                        e -> assertThat(e).contains("first", "1.0.0"),
                        f -> assertThat(f).contains("dev.patchbay.api.ChannelPlugin", "demo.Nothing"),
                        g -> assertThat(g).contains("type"),
                        h -> assertThat(h).contains("depends on other plugins"));
        assertThat(host().channelPlugins()).isEmpty();
    }

    @Test
    void aPluginThatThrowsHangsOrOverflowsCostsOnlyItself() throws Exception {
        // Given
        startTimeout = Duration.ofSeconds(8);
        Archive.plugin("hang", "1.0.0")
                .manifest("Plugin-Class", "demo.Main")
                .source("demo.Demo", Archive.channelSource("demo", "Demo", "hang", ""))
                .source("demo.Main", """
                    package demo;
                    public class Main extends org.pf4j.Plugin {
                        public void start() {
                            while (true) {
                                java.util.concurrent.locks.LockSupport.park();
                            }
                        }
                    }
                    """)
                .jar(dropIn("a-hangs.jar"));
        Archive.plugin("deep", "1.0.0")
                .source(
                        "demo.Deep",
                        Archive.channelSource("demo", "Deep", "deep", "").replace("return \"deep\";", "return type();"))
                .jar(dropIn("b-overflows.jar"));
        Archive.plugin("throws", "1.0.0")
                .source(
                        "demo.T",
                        Archive.channelSource(
                                "demo", "T", "t", "public T() { throw new IllegalStateException(\"no luck\"); }"))
                .jar(dropIn("c-throws.jar"));
        Archive.plugin("missing", "1.0.0")
                .source(
                        "demo.M",
                        Archive.channelSource("demo", "M", "m", "static { if (true) throw new Error(\"static\"); }"))
                .jar(dropIn("d-static.jar"));
        Archive.channel("good", "1.0.0", "good").jar(dropIn("e-good.jar"));

        // When
        open();

        // Then
        assertThat(host().list())
                .extracting(PluginStatus::state)
                .containsExactly(State.FAILED, State.FAILED, State.FAILED, State.FAILED, State.RUNNING);
        assertThat(reasons())
                .satisfiesExactly(
                        hangs -> assertThat(hangs).contains("did not come back within 8000 ms"),
                        overflows -> assertThat(overflows).contains("StackOverflowError"),
                        thrown -> assertThat(thrown).contains("no luck"),
                        broken -> assertThat(broken).contains("Error: static"),
                        good -> assertThat(good).isEmpty());
        assertThat(host().channelPlugins()).containsOnlyKeys("good");
    }

    @Test
    void idsChannelsAndPathsOfOthersCannotBeTaken() throws Exception {
        // Given
        Archive.plugin("webhook", "0.1.0")
                .source("demo.W", Archive.channelSource("demo", "W", "webhook", path("webhooks")))
                .jar(shipped("webhook.jar"));
        Archive.channel("webhook", "9.0.0", "mine").jar(dropIn("a.jar"));
        Archive.channel("discord", "1.0.0", "mine").jar(dropIn("b.jar"));
        Archive.channel("c", "1.0.0", "telegram").jar(dropIn("c.jar"));
        Archive.plugin("d", "1.0.0")
                .source("demo.D", Archive.channelSource("demo", "D", "d", path("webhooks")))
                .jar(dropIn("d.jar"));
        Archive.plugin("e", "1.0.0")
                .source("demo.E", Archive.channelSource("demo", "E", "e", path("rpc")))
                .jar(dropIn("e.jar"));

        // When
        open();

        // Then
        assertThat(reasons())
                .satisfiesExactly(
                        shipped -> assertThat(shipped).isEmpty(),
                        a -> assertThat(a).contains("id webhook belongs"),
                        b -> assertThat(b).contains("id discord belongs"),
                        c -> assertThat(c).contains("channel telegram"),
                        d -> assertThat(d).contains("/webhooks is taken"),
                        e -> assertThat(e).contains("/rpc is taken"));
        assertThat(host().channelPlugins()).containsOnlyKeys("webhook");
    }

    @Test
    void ofTwoVersionsTheNewerCounts() throws Exception {
        // Given
        Archive.channel("matrix", "1.10.0", "matrix").jar(dropIn("a.jar"));
        Archive.channel("matrix", "1.9.0", "matrix").jar(dropIn("b.jar"));
        Archive.channel("matrix", "1.11.0", "matrix").jar(dropIn("c.jar"));

        // When
        open();

        // Then
        assertThat(host().list())
                .extracting(PluginStatus::state)
                .containsExactly(State.REFUSED, State.REFUSED, State.RUNNING);
        assertThat(reasons().get(0)).contains("newer version", "c.jar");
    }

    @Test
    void theOriginalsAreOnlyReadAndTheCopyIsUsedAgain() throws Exception {
        // Given
        Archive.channel("webhook", "0.1.0", "webhook").zip(shipped("webhook.zip"));
        open().close();
        Path copy = work().findFirst().orElseThrow();
        Files.writeString(copy.resolve("marker"), "still the same folder");

        // When
        open();

        // Then
        assertThat(copy.resolve("marker")).exists();
        assertThat(folder.resolve("shipped")).isDirectoryContaining("glob:**webhook.zip");
        try (var files = Files.list(folder.resolve("shipped"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void withoutAWorkFolderOfItsOwnNothingIsLeftBehind() throws Exception {
        // Given
        String tells = """
            public String channelSchema() {
                return "{\\"title\\":\\"" + getClass().getProtectionDomain().getCodeSource().getLocation().getPath() + "\\"}";
            }
            """;
        Archive.plugin("webhook", "0.1.0")
                .source("demo.Demo", Archive.channelSource("demo", "Demo", "webhook", tells))
                .zip(shipped("webhook.zip"));

        // When
        open(Optional.empty());
        State state = only().state();
        Path unpacked = Path.of(channel("webhook").channelSchema().replaceAll(".*:\"|\"}", ""));
        boolean wasThere = Files.exists(unpacked);
        host().close();

        // Then
        assertThat(state).isEqualTo(State.RUNNING);
        assertThat(wasThere).isTrue();
        assertThat(unpacked).doesNotExist();
        assertThat(folder.resolve("work")).doesNotExist();
    }

    @Test
    void aDamagedCopyIsMadeAgainAndAnUnusedOneGoes() throws Exception {
        // Given
        Path zip = Archive.channel("webhook", "0.1.0", "webhook").zip(shipped("webhook.zip"));
        open().close();
        Path copy = work().findFirst().orElseThrow();
        Files.writeString(copy.resolve("classes/demo/Demo.class"), "");

        // When
        open().close();
        State again = only().state();
        Files.delete(zip);
        open();

        // Then
        assertThat(again).isEqualTo(State.STOPPED);
        assertThat(work()).isEmpty();
    }

    @Test
    void libCanBringAnotherVersionOfALibraryOfTheHub() throws Exception {
        // Given
        Path library = new Archive()
                .source(
                        "picocli.CommandLine",
                        "package picocli; public class CommandLine { public String toString() { return \"ours\"; } }")
                .jar(folder.resolve("library.jar"));
        String uses = """
            public java.util.Optional<String> httpPath() {
                try {
                    return java.util.Optional.of(
                        Class.forName("picocli.CommandLine").getDeclaredConstructor().newInstance().toString());
                } catch (ReflectiveOperationException missing) {
                    return java.util.Optional.empty();
                }
            }
            """;
        Archive.plugin("own", "1.0.0")
                .source("demo.Own", Archive.channelSource("demo", "Own", "own", uses))
                .entry("lib/library.jar", Files.readAllBytes(library))
                .zip(dropIn("own.zip"));

        // When
        open();

        // Then
        assertThat(channel("own").httpPath()).contains("ours");
    }

    @Test
    void pluginCodeRunsWithItsOwnClassLoader() throws Exception {
        // Given
        String says = """
            public boolean isConfigured(ChannelSettings settings) {
                return Thread.currentThread().getContextClassLoader() == getClass().getClassLoader();
            }
            """;
        Archive.plugin("ctx", "1.0.0")
                .source("demo.Ctx", Archive.channelSource("demo", "Ctx", "ctx", says))
                .jar(dropIn("ctx.jar"));
        ClassLoader before = Thread.currentThread().getContextClassLoader();

        // When
        open();
        boolean own = channel("ctx").isConfigured(NONE);

        // Then
        assertThat(own).isTrue();
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    @Test
    void closingStopsEveryPluginEvenIfOneWillNot() throws Exception {
        // Given
        Archive.plugin("bad", "1.0.0")
                .manifest("Plugin-Class", "demo.Main")
                .source("demo.Demo", Archive.channelSource("demo", "Demo", "bad", ""))
                .source(
                        "demo.Main",
                        "package demo; public class Main extends org.pf4j.Plugin { public void stop() { throw new"
                                + " IllegalStateException(\"never\"); } }")
                .jar(dropIn("a.jar"));
        Archive.channel("good", "1.0.0", "good").jar(dropIn("b.jar"));
        open();

        // When
        host().close();

        // Then
        assertThat(host().list()).extracting(PluginStatus::state).containsOnly(State.STOPPED);
    }

    private static String path(String path) {
        return "public java.util.Optional<String> httpPath() { return java.util.Optional.of(\"" + path + "\"); }";
    }

    private static java.util.Optional<String> none() {
        return java.util.Optional.empty();
    }

    private PluginHost open() throws Exception {
        return open(Optional.of(folder.resolve("work")));
    }

    private PluginHost open(Optional<Path> work) throws Exception {
        var world =
                new World(Clock.systemUTC(), alarm, task -> Thread.ofVirtual().start(task), new Random(1));
        var sources = new PluginSources(
                List.of(folder.resolve("shipped")), folder.resolve("drop-ins"), work, "0.1.0", startTimeout);
        host = PluginHost.open(sources, world);
        return host;
    }

    private PluginHost host() {
        return Objects.requireNonNull(host);
    }

    private ChannelPlugin channel(String type) {
        return Objects.requireNonNull(host().channelPlugins().get(type));
    }

    private PluginStatus only() {
        assertThat(host().list()).hasSize(1);
        return host().list().getFirst();
    }

    private List<String> reasons() {
        return host().list().stream().map(each -> each.reason().orElse("")).toList();
    }

    private Path shipped(String name) {
        return folder.resolve("shipped").resolve(name);
    }

    private Path dropIn(String name) {
        return folder.resolve("drop-ins").resolve(name);
    }

    private Stream<Path> work() throws Exception {
        try (var files = Files.list(folder.resolve("work"))) {
            return files.toList().stream();
        }
    }
}
