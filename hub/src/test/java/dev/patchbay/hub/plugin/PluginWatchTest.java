package dev.patchbay.hub.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.plugin.PluginStatus.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Noticing what happens in the plugins folder. */
@Timeout(60)
class PluginWatchTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    @TempDir
    Path folder;

    private final List<PluginWatch> watches = new ArrayList<>();
    private LiveFolder plugins;

    @BeforeEach
    void open() throws Exception {
        plugins = new LiveFolder(folder);
    }

    @AfterEach
    void stop() {
        watches.forEach(PluginWatch::close);
        plugins.close();
    }

    @Test
    void aFileComesChangesAndGoes() throws Exception {
        // Given
        PluginWatch watch = PluginWatch.start(plugins.start(), plugins.dropIns, Clock.systemUTC(), why -> {});
        watches.add(watch);

        // When / Then
        comesChangesAndGoes();
        assertThat(watch.mode()).isEqualTo(PluginWatch.Mode.EVENTS);
        assertThat(watch.trouble()).isEmpty();
    }

    @Test
    void lookingAloneIsEnough() throws Exception {
        // Given
        PluginWatch watch = PluginWatch.start(plugins.start(), plugins.dropIns, Clock.systemUTC(), why -> {}, null);
        watches.add(watch);

        // When / Then
        comesChangesAndGoes();
        assertThat(watch.mode()).isEqualTo(PluginWatch.Mode.POLLING);
    }

    @Test
    void aSystemThatNeverTellsIsFoundOutOnceAndLookingGoesOn() throws Exception {
        // Given: a clock that leaps, so that the test need not wait
        var told = new LinkedBlockingQueue<String>();
        var clock = new LeapingClock();
        LivePlugins live = plugins.start();
        PluginWatch watch = PluginWatch.start(live, plugins.dropIns, clock, told::add, new Silence());
        watches.add(watch);

        // When
        Archive.channel("matrix", "1.0.0", "matrix").jar(dropIn("matrix.jar"));
        PluginStatus first = plugins.await("matrix.jar", State.RUNNING);
        String why = told.poll(20, TimeUnit.SECONDS);
        Archive.channel("irc", "1.0.0", "irc").jar(dropIn("irc.jar"));
        PluginStatus second = plugins.await("irc.jar", State.RUNNING);

        // Then
        assertThat(first.version()).isEqualTo("1.0.0");
        assertThat(why).contains("had not told of");
        assertThat(second.state()).isEqualTo(State.RUNNING);
        assertThat(watch.mode()).isEqualTo(PluginWatch.Mode.POLLING);
        assertThat(watch.trouble()).isEqualTo(why);
        assertThat(told).isEmpty();
    }

    @Test
    void aFolderThatIsMadeLaterIsWatchedFromThenOn() throws Exception {
        // Given
        LivePlugins live = plugins.start();
        Path later = folder.resolve("later");
        PluginWatch watch = PluginWatch.start(live, later, Clock.systemUTC(), why -> {});
        watches.add(watch);

        // When
        Archive.channel("matrix", "1.0.0", "matrix").jar(later.resolve("matrix.jar"));

        // Then
        assertThat(plugins.await("matrix.jar", State.RUNNING).version()).isEqualTo("1.0.0");
        assertThat(watch.trouble()).isEmpty();
    }

    @Test
    void aHalfCopiedJarWaitsForItsOtherHalf() throws Exception {
        // Given
        var look = new FolderLook(plugins.start(), plugins.dropIns);
        byte[] whole =
                Files.readAllBytes(Archive.channel("matrix", "1.0.0", "matrix").jar(folder.resolve("whole.jar")));
        Files.write(dropIn("matrix.jar"), Arrays.copyOf(whole, whole.length / 2));

        // When
        look.look(START);
        look.look(START.plusSeconds(1));
        look.look(START.plusSeconds(4));
        boolean leftAlone = plugins.find("matrix.jar").isEmpty() && look.isUnsettled();
        Files.write(dropIn("matrix.jar"), whole);
        look.look(START.plusSeconds(5));
        boolean stillLeftAlone = plugins.find("matrix.jar").isEmpty();
        look.look(START.plusSeconds(6));

        // Then
        assertThat(leftAlone).isTrue();
        assertThat(stillLeftAlone).isTrue();
        assertThat(plugins.of("matrix.jar").state()).isEqualTo(State.RUNNING);
    }

    @Test
    void aFileThatStaysBrokenIsRefusedAndNotTriedAgainUntilItChanges() throws Exception {
        // Given
        var look = new FolderLook(plugins.start(), plugins.dropIns);
        Files.writeString(dropIn("matrix.jar"), "half a jar");

        // When
        look.look(START);
        look.look(START.plus(FolderLook.HOPELESS));
        PluginStatus refused = plugins.of("matrix.jar");
        int toldOnce = plugins.news.size();
        look.look(START.plusSeconds(60));
        look.look(START.plusSeconds(120));
        int toldStill = plugins.news.size();
        Archive.channel("matrix", "1.0.0", "matrix").jar(dropIn("matrix.jar"));
        look.look(START.plusSeconds(180));
        look.look(START.plusSeconds(181));

        // Then
        assertThat(refused.state()).isEqualTo(State.REFUSED);
        assertThat(refused.reason().orElse("")).contains("copy it again");
        assertThat(toldStill).isEqualTo(toldOnce);
        assertThat(plugins.of("matrix.jar").state()).isEqualTo(State.RUNNING);
    }

    @Test
    void aFolderThatVanishesTakesNoPluginAlong() throws Exception {
        // Given
        Path jar = Archive.channel("matrix", "1.0.0", "matrix").jar(dropIn("matrix.jar"));
        var look = new FolderLook(plugins.start(), plugins.dropIns);
        look.look(START);

        // When
        Files.delete(jar);
        Files.delete(plugins.dropIns);
        look.look(START.plusSeconds(1));
        look.look(START.plusSeconds(2));

        // Then
        assertThat(plugins.of("matrix.jar").state()).isEqualTo(State.RUNNING);
    }

    private void comesChangesAndGoes() throws Exception {
        Archive.channel("matrix", "1.0.0", "matrix").jar(dropIn("matrix.jar"));
        assertThat(plugins.await("matrix.jar", State.RUNNING).version()).isEqualTo("1.0.0");
        Archive.channel("matrix", "1.1.0", "matrix").jar(dropIn("matrix.jar"));
        assertThat(plugins.await("matrix.jar", State.RUNNING).version()).isEqualTo("1.1.0");
        Files.delete(dropIn("matrix.jar"));
        assertThat(plugins.await("matrix.jar", State.STOPPED).version()).isEqualTo("1.1.0");
    }

    private Path dropIn(String name) {
        return plugins.dropIns.resolve(name);
    }

    /** An operating system that takes the watch and then says nothing. */
    private static final class Silence implements FolderNews {
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public News await(Duration atMost) throws InterruptedException {
            closed.await(Math.min(atMost.toMillis(), 50), TimeUnit.MILLISECONDS);
            return News.NONE;
        }

        @Override
        public boolean isListening() {
            return true;
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    /** Each look is a second later than the one before. */
    private static final class LeapingClock extends Clock {
        private Instant now = START;

        @Override
        public java.time.ZoneId getZone() {
            return java.time.ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public synchronized Instant instant() {
            now = now.plusMillis(500);
            return now;
        }
    }
}
