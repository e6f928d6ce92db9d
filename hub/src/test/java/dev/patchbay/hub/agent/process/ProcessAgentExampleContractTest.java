package dev.patchbay.hub.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Settings;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.agent.Turns;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The agent in examples/process-agent does what its page says. */
@Timeout(60)
@EnabledIf("isPythonThere")
class ProcessAgentExampleContractTest {
    @RegisterExtension
    final ProcessAgentFixture fixture = new ProcessAgentFixture();

    @Test
    void itCountsWordsAndEarlierMessages() throws Exception {
        // Given
        fixture.with("command", List.of("python3", "agent.py"))
                .with("dir", Path.of("../examples/process-agent").toString());
        Turn.History history = limit ->
                List.of(new Turn.Line("user", "hello", Instant.EPOCH), new Turn.Line("assistant", "hi", Instant.EPOCH));

        // When
        TurnResult result = fixture.run(Turns.turn("drei kleine Wörter", history));

        // Then
        assertThat(result).isInstanceOf(TurnResult.Answered.class);
        assertThat(((TurnResult.Answered) result).text()).isEqualTo("You said 3 words, after 1 earlier message.");
        assertThat(fixture.shown).hasSize(2);
    }

    static boolean isPythonThere() {
        Settings example = Settings.of(Map.of("command", List.of("python3")));
        return ProcessAgentPlugin.obstacle(example, System.getenv()).isEmpty();
    }
}
