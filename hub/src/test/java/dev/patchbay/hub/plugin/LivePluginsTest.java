package dev.patchbay.hub.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.hub.plugin.PluginStatus.State;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of plugins when their files come, change and go while the hub runs. */
@Timeout(60)
class LivePluginsTest {
    @TempDir
    Path folder;

    private LiveFolder plugins;

    @BeforeEach
    void open() throws Exception {
        plugins = new LiveFolder(folder);
    }

    @AfterEach
    void stop() {
        plugins.close();
    }

    @Test
    void aNewPluginIsTakenUp() throws Exception {
        // Given
        LivePlugins live = plugins.start();
        Path jar = Archive.channel("matrix", "1.0.0", "matrix").jar(dropIn("matrix.jar"));

        // When
        live.found(jar);

        // Then
        assertThat(plugins.of("matrix.jar").state()).isEqualTo(State.RUNNING);
        assertThat(plugins.changes).singleElement().satisfies(change -> assertThat(change.channels())
                .containsOnlyKeys("matrix"));
    }

    @Test
    void aNewerVersionBesideTheOldOneTakesItsPlace() throws Exception {
        // Given
        Archive.channel("matrix", "1.9.0", "matrix").jar(dropIn("matrix-1.9.jar"));
        LivePlugins live = plugins.start();
        Path newer = Archive.channel("matrix", "1.10.0", "matrix").jar(dropIn("matrix-1.10.jar"));

        // When
        live.found(newer);

        // Then
        assertThat(plugins.of("matrix-1.10.jar").state()).isEqualTo(State.RUNNING);
        assertThat(plugins.of("matrix-1.9.jar").state()).isEqualTo(State.REFUSED);
        assertThat(plugins.of("matrix-1.9.jar").reason())
                .hasValueSatisfying(why -> assertThat(why).contains("newer version", "matrix-1.10.jar"));
    }

    @Test
    void whatTheNewVersionOffersNoMoreIsGivenUp() throws Exception {
        // Given
        Path jar = Archive.channel("chat", "1.0.0", "chat").jar(dropIn("chat.jar"));
        LivePlugins live = plugins.start();

        // When
        Archive.channel("chat", "2.0.0", "talk").jar(jar);
        live.found(jar);

        // Then
        assertThat(plugins.changes).singleElement().satisfies(change -> {
            assertThat(change.channels()).containsOnlyKeys("talk");
            assertThat(change.channelsGone()).isEqualTo(Set.of("chat"));
        });
        assertThat(plugins.of("chat.jar").version()).isEqualTo("2.0.0");
    }

    @Test
    void aReplacementThatThrowsOrHangsInStartLeavesTheOldOneRunning() throws Exception {
        // Given
        plugins.startTimeout = Duration.ofSeconds(8);
        Path jar = Archive.channel("matrix", "1.0.0", "matrix").jar(dropIn("matrix.jar"));
        LivePlugins live = plugins.start();

        // When
        starting("2.0.0", "throw new IllegalStateException(\"no luck\");").jar(jar);
        live.found(jar);
        PluginStatus afterThrow = plugins.of("matrix.jar");
        starting("3.0.0", "while (true) { java.util.concurrent.locks.LockSupport.park(); }")
                .jar(jar);
        live.found(jar);
        PluginStatus afterHang = plugins.of("matrix.jar");

        // Then
        assertThat(afterThrow.state()).isEqualTo(State.RUNNING);
        assertThat(afterThrow.version()).isEqualTo("1.0.0");
        assertThat(afterThrow.reason().orElse("")).contains("1.0.0 runs on", "no luck");
        assertThat(afterHang.version()).isEqualTo("1.0.0");
        assertThat(afterHang.reason().orElse("")).contains("1.0.0 runs on", "did not come back within 8000 ms");
        assertThat(plugins.changes).isEmpty();
    }

    @Test
    void aReplacementWhoseAccountsDoNotOpenIsStoppedAgain() throws Exception {
        // Given
        Path jar = Archive.channel("matrix", "1.0.0", "matrix").jar(dropIn("matrix.jar"));
        LivePlugins live = plugins.start();
        plugins.refusal = "matrix:default: token refused";
        Archive.channel("matrix", "2.0.0", "matrix").jar(jar);

        // When
        live.found(jar);

        // Then
        assertThat(plugins.of("matrix.jar").version()).isEqualTo("1.0.0");
        assertThat(plugins.of("matrix.jar").reason().orElse("")).contains("matrix:default: token refused");
        assertThat(staged()).isEqualTo(1);
    }

    @Test
    void anOlderVersionIsRefused() throws Exception {
        // Given
        Path jar = Archive.channel("matrix", "2.0.0", "matrix").jar(dropIn("matrix.jar"));
        LivePlugins live = plugins.start();
        Archive.channel("matrix", "1.0.0", "matrix").jar(jar);

        // When / Then
        assertThatThrownBy(() -> live.reload("matrix"))
                .isInstanceOf(PluginRefusal.class)
                .hasMessageContaining("1.0.0 is older than 2.0.0");
        assertThat(plugins.of("matrix.jar").version()).isEqualTo("2.0.0");
    }

    @Test
    void namesOfOthersAreRefusedUntilTheirOwnerHasGone() throws Exception {
        // Given
        Archive.channel("webhook", "0.1.0", "webhook").zip(plugins.shipped.resolve("webhook.zip"));
        Path first = Archive.channel("first", "1.0.0", "matrix").jar(dropIn("a.jar"));
        LivePlugins live = plugins.start();
        Path impostor = Archive.channel("webhook", "9.0.0", "any").jar(dropIn("b.jar"));
        Path second = Archive.channel("second", "1.0.0", "matrix").jar(dropIn("c.jar"));

        // When
        live.found(impostor);
        live.found(second);
        PluginStatus waiting = plugins.of("c.jar");
        Files.delete(first);
        live.keepOnly(Set.of(impostor, second));

        // Then
        assertThat(plugins.of("b.jar").reason().orElse("")).contains("belongs to a plugin of the distribution");
        assertThat(waiting.reason().orElse("")).contains("channel matrix is offered by another plugin");
        assertThat(plugins.of("c.jar").state()).isEqualTo(State.RUNNING);
        assertThat(plugins.find("a.jar")).isEmpty();
    }

    @Test
    void aFileThatIsGoneTakesItsPluginAlong() throws Exception {
        // Given
        Path jar = Archive.channel("matrix", "1.0.0", "matrix").jar(dropIn("matrix.jar"));
        LivePlugins live = plugins.start();
        Files.delete(jar);

        // When
        live.keepOnly(Set.of());

        // Then
        assertThat(plugins.host().list()).isEmpty();
        assertThat(plugins.host().channelPlugins()).isEmpty();
        assertThat(plugins.changes).singleElement().satisfies(change -> assertThat(change.channelsGone())
                .containsExactly("matrix"));
    }

    @Test
    void removingDeletesTheFileButNeverAShippedOne() throws Exception {
        // Given
        Archive.channel("webhook", "0.1.0", "webhook").zip(plugins.shipped.resolve("webhook.zip"));
        Path jar = Archive.channel("matrix", "1.0.0", "matrix").jar(dropIn("matrix.jar"));
        LivePlugins live = plugins.start();

        // When
        boolean removed = live.remove("matrix");
        boolean again = live.remove("matrix");

        // Then
        assertThat(removed).isTrue();
        assertThat(again).isFalse();
        assertThat(jar).doesNotExist();
        assertThatThrownBy(() -> live.remove("webhook"))
                .isInstanceOf(PluginRefusal.class)
                .hasMessageContaining("comes with the hub");
    }

    @Test
    void aShippedPluginCanBeReloadedAndNothingOfItStays() throws Exception {
        // Given
        Archive.channel("webhook", "0.1.0", "webhook").zip(plugins.shipped.resolve("webhook.zip"));
        LivePlugins live = plugins.start();
        var before = new WeakReference<ClassLoader>(loaderOf("webhook"));

        // When
        PluginStatus reloaded = live.reload("webhook").orElseThrow();
        plugins.changes.clear();

        // Then
        assertThat(reloaded.state()).isEqualTo(State.RUNNING);
        assertThat(isCollected(before)).isTrue();
        assertThat(staged()).isEqualTo(1);
        assertThat(live.reload("nobody")).isEmpty();
    }

    @Test
    void threadsThatAPluginLeavesRunningAreNamed() throws Exception {
        // Given
        Path jar = starting("1.0.0", """
            new Thread("left-alone") {
                public void run() {
                    while (true) { java.util.concurrent.locks.LockSupport.parkNanos(50_000_000L); Thread.interrupted(); }
                }
                { setDaemon(true); }
            }.start();
            """).jar(dropIn("matrix.jar"));
        LivePlugins live = plugins.start();
        Archive.channel("matrix", "2.0.0", "matrix").jar(jar);

        // When
        live.found(jar);

        // Then
        assertThat(plugins.of("matrix.jar").state()).isEqualTo(State.RUNNING);
        assertThat(plugins.of("matrix.jar").reason().orElse("")).contains("1.0.0, left 1 threads running: left-alone");
    }

    @Test
    void installingCopiesTheFileAndDropsTheVersionBefore() throws Exception {
        // Given
        Path old = Archive.channel("matrix", "1.0.0", "matrix").jar(dropIn("matrix-1.0.0.jar"));
        LivePlugins live = plugins.start();
        Path newer = Archive.channel("matrix", "1.1.0", "matrix").jar(folder.resolve("build/matrix-1.1.0.jar"));

        // When
        PluginStatus installed = new PluginInstaller(live, plugins.dropIns).install(newer);

        // Then
        assertThat(installed.version()).isEqualTo("1.1.0");
        assertThat(installed.state()).isEqualTo(State.RUNNING);
        assertThat(dropIn("matrix-1.1.0.jar")).exists();
        assertThat(old).doesNotExist();
        assertThat(plugins.host().list()).hasSize(1);
        assertThat(live.knows(dropIn("matrix-1.1.0.jar"), FileMark.of(dropIn("matrix-1.1.0.jar"))))
                .isTrue();
    }

    @Test
    void whatCannotBeInstalledLeavesNothingBehind() throws Exception {
        // Given
        Archive.channel("matrix", "2.0.0", "matrix").jar(dropIn("matrix.jar"));
        LivePlugins live = plugins.start();
        var installer = new PluginInstaller(live, plugins.dropIns);
        Path text = Files.writeString(folder.resolve("notes.jar"), "no jar");
        Path older = Archive.channel("matrix", "1.0.0", "matrix").jar(folder.resolve("older.jar"));
        Path same = Files.copy(dropIn("matrix.jar"), folder.resolve("same.jar"));
        Path shipped = Archive.channel("telegram", "1.0.0", "x").jar(folder.resolve("telegram.jar"));
        Path other = Archive.channel("other", "1.0.0", "other").jar(folder.resolve("build/matrix.jar"));
        Path older2 = Archive.channel("matrix", "1.0.0", "matrix").jar(folder.resolve("build2/matrix.jar"));

        // When / Then
        Map.of(
                        folder.resolve("nowhere.jar"),
                        "there is no file",
                        folder.resolve("notes.txt"),
                        "ends in .jar or .zip",
                        text,
                        "the file is no jar",
                        older,
                        "not older",
                        same,
                        "not older",
                        shipped,
                        "belongs to a plugin of the distribution",
                        other,
                        "is another plugin, matrix",
                        older2,
                        "older than 2.0.0",
                        dropIn("matrix.jar"),
                        "lies in the plugins folder already")
                .forEach((file, reason) -> assertThatThrownBy(() -> installer.install(file))
                        .as(file.toString())
                        .isInstanceOf(PluginRefusal.class)
                        .hasMessageContaining(reason));
        assertThat(plugins.host().list()).singleElement().satisfies(only -> {
            assertThat(only.version()).isEqualTo("2.0.0");
            assertThat(only.reason()).isEmpty();
        });
        try (var files = Files.list(plugins.dropIns)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void theSameVersionWithOtherContentIsTakenWhenSomebodyAsksForIt() throws Exception {
        // Given
        Archive.channel("matrix", "1.0.0", "matrix").jar(dropIn("matrix.jar"));
        LivePlugins live = plugins.start();
        Path patched = Archive.channel("matrix", "1.0.0", "matrix")
                .entry("patch.txt", "other")
                .jar(folder.resolve("build/matrix.jar"));

        // When
        PluginStatus installed = new PluginInstaller(live, plugins.dropIns).install(patched);

        // Then
        assertThat(installed.state()).isEqualTo(State.RUNNING);
        assertThat(plugins.changes).hasSize(1);
        assertThat(dropIn("matrix.jar")).hasSameBinaryContentAs(patched);
    }

    private static Archive starting(String version, String code) {
        return Archive.plugin("matrix", version)
                .manifest("Plugin-Class", "demo.Main")
                .source("demo.Demo", Archive.channelSource("demo", "Demo", "matrix", ""))
                .source(
                        "demo.Main",
                        "package demo; public class Main extends org.pf4j.Plugin { public void start() { " + code
                                + " } }");
    }

    private ClassLoader loaderOf(String channel) {
        var plugin = (GuardedChannelPlugin)
                Objects.requireNonNull(plugins.host().channelPlugins().get(channel));
        return plugin.origin().loader();
    }

    private static boolean isCollected(WeakReference<?> reference) throws InterruptedException {
        for (int i = 0; i < 100 && reference.get() != null; i++) {
            System.gc();
            Thread.onSpinWait();
        }
        return reference.get() == null;
    }

    private long staged() throws Exception {
        try (var files = Files.list(folder.resolve("work"))) {
            return files.count();
        }
    }

    private Path dropIn(String name) {
        return plugins.dropIns.resolve(name);
    }
}
