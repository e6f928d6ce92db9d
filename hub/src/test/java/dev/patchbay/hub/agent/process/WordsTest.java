package dev.patchbay.hub.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.agent.SecretMask;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

@Isolated("it listens to a logger that others write to")
class WordsTest {
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ProcessAgentPlugin.class);
    private final Words words = new Words(
            "helper",
            new SecretMask(Settings.of(Map.of("command", List.of("agent"), "env", Map.of("OPENAI", "sk-12345")))));

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @Test
    void aLineBecomesOneHarmlessLineWithoutWhatTheEnvironmentHolds() {
        // When
        say("refused sk-12345 \u001b[31mand\tmore");
        say("x".repeat(4_000));

        // Then
        assertThat(written()).first().isEqualTo("agent=helper worker=1 stderr: refused ***  [31mand more");
        assertThat(written().getLast().length()).isLessThan(350);
    }

    @Test
    void aFloodIsLeftOut() {
        // When
        for (int i = 0; i < 1_000; i++) {
            say("again");
        }

        // Then
        assertThat(written()).hasSize(Words.LINES_PER_WINDOW);
    }

    private void say(String text) {
        words.said(1, text.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> written() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
