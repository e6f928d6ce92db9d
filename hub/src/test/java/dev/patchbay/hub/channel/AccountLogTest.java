package dev.patchbay.hub.channel;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.channel.ChannelStatus.State;
import dev.patchbay.hub.lane.TestWorld;
import dev.patchbay.hub.plugin.PluginFault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

@Isolated("it listens to a logger that others write to")
class AccountLogTest {
    private final TestWorld time = new TestWorld();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Channels.class);
    private final AccountLog log = new AccountLog(
            "tg",
            new ChannelSettings(
                    "telegram",
                    "main",
                    Settings.of(Map.of(
                            "token", "12345:abc", "api-keys", List.of("k-one", "k-one-more"), "mode", "polling")),
                    Settings.EMPTY),
            time.clock());

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
    void secretsOfTheAccountAreMaskedLongestFirstAndNothingElseIs() {
        assertThat(log.tidy("polling with 12345:abc, k-one-more and k-one\nat https://u:p@example.org"))
                .isEqualTo("polling with ***, *** and *** at https://***@example.org");
    }

    @Test
    void anotherStateIsASentence() {
        // When
        log.state(new ChannelStatus("telegram", "main", State.RUNNING, Instant.EPOCH, Optional.empty()));
        log.state(new ChannelStatus("telegram", "main", State.FAILED, Instant.EPOCH, Optional.of("no network")));

        // Then
        assertThat(written())
                .containsExactly("channel telegram:main is running", "channel telegram:main is failed: no network");
    }

    @Test
    void aFaultIsLoggedWithItsStackButWithoutSecrets() {
        // When
        log.fault(
                "deliver", PluginFault.threw(new IllegalStateException("bot12345:abc", new RuntimeException("k-one"))));

        // Then
        assertThat(written())
                .singleElement()
                .asString()
                .startsWith("plugin=tg channel=telegram account=main plugin fault in deliver: ")
                .contains("AccountLogTest", "bot***", "RuntimeException: ***")
                .doesNotContain("12345:abc", "k-one");
    }

    @Test
    void aFloodOfFaultsIsCountedInsteadOfWritten() throws Exception {
        // When
        for (int i = 0; i < 1_000; i++) {
            log.fault("receive", "no answer");
        }
        int atOnce = written().size();
        time.advance(Duration.ofMinutes(1));
        log.fault("receive", "no answer");

        // Then
        assertThat(atOnce).isEqualTo(30);
        assertThat(written()).hasSize(32).element(30).asString().contains("970 more lines");
    }

    @Test
    void anExceptionThatCannotEvenBePrintedIsStillNamed() {
        // When
        log.fault("deliver", PluginFault.threw(new Hostile()));

        // Then
        assertThat(written()).singleElement().asString().contains("Hostile");
    }

    private List<String> written() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static final class Hostile extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("no message for you");
        }
    }
}
