package dev.patchbay.hub.command.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.command.chat.BoundedLines.Line;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundedLinesTest {
    @Test
    void everyKindOfLineBreakEndsALineAndTheLastNeedsNone() throws IOException {
        // When
        List<Line> lines = read("a\r\nb\n\nc", 10);

        // Then
        assertThat(lines).extracting(Line::text).containsExactly("a", "b", "", "c");
    }

    @Test
    void whatIsTooLongIsSkippedAndTheNextLineIsWhole() throws IOException {
        // When
        List<Line> lines = read("12345678901\nnext\n1234567890\n123456789012345", 10);

        // Then
        assertThat(lines)
                .containsExactly(
                        new Line("", true), new Line("next", false), new Line("1234567890", false), new Line("", true));
    }

    private static List<Line> read(String input, int max) throws IOException {
        var lines = new BoundedLines(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), max);
        var read = new ArrayList<Line>();
        for (var line = lines.next(); line.isPresent(); line = lines.next()) {
            read.add(line.get());
        }
        return read;
    }
}
