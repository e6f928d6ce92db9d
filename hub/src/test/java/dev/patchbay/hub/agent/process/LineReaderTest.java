package dev.patchbay.hub.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {

    @Test
    void linesComeWithoutTheirEndAndWhatHasNoEndIsNone() throws Exception {
        assertThat(lines("one\n\ntwo\r\nhalf", 10)).containsExactly("one", "", "two\r");
    }

    @Test
    void aLineOfExactlyTheLengthIsWholeAndALongerOneIsCutAndItsRestSkipped() throws Exception {
        // Given
        String longer = "x".repeat(50_000);

        // When
        List<String> lines = lines("12345\n123456\n" + longer + "\nend\n", 5);

        // Then
        assertThat(lines).containsExactly("12345", "cut 123456", "cut xxxxxx", "end");
    }

    private static List<String> lines(String text, int max) throws IOException {
        var reader = new LineReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), max, 1);
        var lines = new ArrayList<String>();
        for (LineReader.Line line = reader.next(); line != null; line = reader.next()) {
            lines.add((line.isCut() ? "cut " : "") + new String(line.bytes(), StandardCharsets.UTF_8));
        }
        return lines;
    }
}
