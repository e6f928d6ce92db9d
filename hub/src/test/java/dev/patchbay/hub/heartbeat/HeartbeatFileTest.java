package dev.patchbay.hub.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeartbeatFileTest {
    private final Path file;

    HeartbeatFileTest(@TempDir Path folder) {
        file = folder.resolve("HEARTBEAT.md");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \n\t\n",
                "\uFEFF",
                "# Heartbeat",
                "# Heartbeat\r\n\r\n## Tasks\r\n",
                "#\n\n---\n",
                "<!-- look at the mail -->",
                "# To do\n<!-- one\ntwo\nthree -->\n\n- [ ]\n* [x]\n-\n",
                "<!-- never closed\n- look at the mail"
            })
    void headingsCommentsAndMarksAloneAreBlank(String text) throws IOException {
        // Given
        Files.writeString(file, text);

        // Then
        assertThat(HeartbeatFile.read(file).text()).isEmpty();
        assertThat(HeartbeatFile.read(file).trouble()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Look at the mail",
                "# Heartbeat\n- [ ] Look at the mail",
                "#mail is a word, not a heading",
                "<!-- a --> b <!-- c -->",
                "    # indented as code",
                "看看邮件"
            })
    void anythingElseIsSomethingToDo(String text) throws IOException {
        // Given
        Files.writeString(file, text);

        // Then
        assertThat(HeartbeatFile.read(file).text()).contains(text.strip());
    }

    @Test
    void aFileThatIsNotThereIsNoTrouble() {
        assertThat(HeartbeatFile.read(file)).isEqualTo(HeartbeatFile.read(file.resolveSibling("other")));
        assertThat(HeartbeatFile.read(file).trouble()).isEmpty();
    }

    @Test
    void whatIsTooLargeIsNotReadAndSaysSo() throws IOException {
        // Given
        Files.writeString(file, "x".repeat(HeartbeatFile.BYTES_MAX + 1));

        // Then
        assertThat(HeartbeatFile.read(file).text()).isEmpty();
        assertThat(HeartbeatFile.read(file).trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("larger than 64 KB"));
    }

    @Test
    void whatIsNoTextIsNotReadAndSaysSo() throws IOException {
        // Given
        Files.write(file, new byte[] {'a', (byte) 0xC3, '('});

        // Then
        assertThat(HeartbeatFile.read(file).trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("not UTF-8"));
    }

    @Test
    void aFolderIsNotRead() throws IOException {
        // Given
        Files.createDirectory(file);

        // Then
        assertThat(HeartbeatFile.read(file).trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("is no file"));
    }
}
