package dev.patchbay.hub.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.patchbay.hub.agent.wire.NoAnswer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What an agent's service answers: lines and events lose nothing, garbage is refused. */
@ResourceLock("jazzer")
class AnswerBodyFuzzTest {

    @FuzzTest(maxDuration = "10m")
    void theLinesAreTheWhole(byte[] bytes) throws IOException {
        String whole;
        List<String> lines = new ArrayList<>();
        try {
            whole = body(bytes).whole();
            AnswerBody body = body(bytes);
            for (String line = body.line(); line != null; line = body.line()) {
                lines.add(line);
            }
        } catch (NoAnswer garbage) {
            assertThat(garbage).hasMessageContaining("UTF-8");
            return;
        }
        assertThat(lines).isEqualTo(whole.isEmpty() ? List.of() : whole.lines().toList());
    }

    @FuzzTest(maxDuration = "10m")
    void anEventStreamEnds(byte[] bytes) throws IOException {
        var events = new EventStream(body(bytes));
        try {
            int count = 0;
            while (events.next() != null) {
                count++;
            }
            assertThat(count).isLessThanOrEqualTo(bytes.length);
        } catch (NoAnswer garbage) {
            assertThat(garbage).hasMessageContaining("UTF-8");
        }
    }

    private static AnswerBody body(byte[] bytes) {
        return new AnswerBody(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8);
    }
}
