package dev.patchbay.hub.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.hub.failpoint.FailPoints;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PluginStageTest {
    @TempDir
    Path folder;

    private PluginStage stage;

    @BeforeEach
    void open() {
        stage = new PluginStage(folder.resolve("work"), FailPoints.NONE);
    }

    @Test
    void aZipIsUnpackedAsItIs() throws Exception {
        // Given
        Path zip = new Archive().entry("lib/a.jar", "content").zip(folder.resolve("a.zip"));

        // When
        Path staged = stage.stage(zip).path();

        // Then
        assertThat(staged.resolve("lib/a.jar")).hasContent("content");
        assertThat(staged.resolve("plugin.properties")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "lib/../../outside", "/outside", "..\\outside", "C:/outside", "a\nb"})
    void anEntryThatLeavesItsFolderRefusesTheWholeFile(String name) throws Exception {
        // Given
        Path zip = new Archive().entry(name, "evil").zip(folder.resolve("a.zip"));

        // When / Then
        assertThatThrownBy(() -> stage.stage(zip)).isInstanceOf(PluginRefusal.class);
        assertThat(folder.resolve("outside")).doesNotExist();
        assertThat(folder.resolve("work/outside")).doesNotExist();
    }

    @Test
    void aBombIsNotUnpacked() throws Exception {
        // Given
        Path zip = folder.resolve("bomb.zip");
        var zeros = new byte[1 << 20];
        try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("zeros"));
            for (long written = 0; written <= PluginStage.BYTES_MAX; written += zeros.length) {
                out.write(zeros);
            }
        }

        // When / Then
        assertThatThrownBy(() -> stage.stage(zip))
                .isInstanceOf(PluginRefusal.class)
                .hasMessageContaining("512 MB");
    }

    @Test
    void tooManyEntriesAreRefused() throws Exception {
        // Given
        Path zip = folder.resolve("many.zip");
        try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (int i = 0; i <= PluginStage.ENTRIES_MAX; i++) {
                out.putNextEntry(new ZipEntry("f" + i));
            }
        }

        // When / Then
        assertThatThrownBy(() -> stage.stage(zip))
                .isInstanceOf(PluginRefusal.class)
                .hasMessageContaining("10000 entries");
    }

    @Test
    void halfAFileIsRefused() throws Exception {
        // Given
        Path zip = new Archive().entry("lib/a.jar", "content").zip(folder.resolve("a.zip"));
        byte[] all = Files.readAllBytes(zip);
        Files.write(zip, java.util.Arrays.copyOf(all, all.length / 2));

        // When / Then
        assertThatThrownBy(() -> stage.stage(zip))
                .isInstanceOf(PluginRefusal.class)
                .hasMessageContaining("copy it again");
    }

    @Test
    void aJarThatIsReplacedLaterDoesNotTouchTheCopy() throws Exception {
        // Given
        Path jar = new Archive().entry("a.txt", "first").jar(folder.resolve("a.jar"));
        Path first = stage.stage(jar).path();
        byte[] before = Files.readAllBytes(first);

        // When
        new Archive().entry("a.txt", "other").jar(jar);
        Path second = stage.stage(jar).path();

        // Then
        assertThat(second).isNotEqualTo(first);
        assertThat(first).hasBinaryContent(before);
    }

    @Test
    void onlyItsOwnFoldersAreSweptAway() throws Exception {
        // Given
        Path zip = new Archive().entry("lib/a.jar", "content").zip(folder.resolve("a.zip"));
        Path old = stage.stage(zip).path();
        Path foreign = Files.createDirectories(folder.resolve("work/somebody-elses"));

        // When
        new PluginStage(folder.resolve("work"), FailPoints.NONE).sweep();

        // Then
        assertThat(old).doesNotExist();
        assertThat(foreign).exists();
    }
}
