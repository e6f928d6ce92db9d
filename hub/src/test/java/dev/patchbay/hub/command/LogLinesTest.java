package dev.patchbay.hub.command;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** How log events look: one line each, whatever is in them. */
class LogLinesTest {
    final Logger logger =
            ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("dev.patchbay.hub.delivery.Lane");

    @Test
    void anEventWithFieldsIsOneLine() {
        // Given
        LoggingEvent event = event("delivered\n2026-01-01 FORGED", null);
        event.addKeyValuePair(new KeyValuePair("channel", "tele\u001bgram"));

        // When
        String line = text(event, false);

        // Then
        assertThat(line)
                .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN  Lane: delivered⏎2026-01-01 FORGED"
                        + " channel=tele␛gram\n");
    }

    @Test
    void anExceptionIsPartOfTheLineAndItsStackOnlyForThoseWhoAskedForMore() {
        // Given
        LoggingEvent event = event("failed", new IllegalStateException("boom\nbang"));

        // When
        String brief = text(event, false);
        String whole = text(event, true);

        // Then
        assertThat(brief)
                .endsWith("failed [java.lang.IllegalStateException: boom⏎bang]\n")
                .hasLineCount(1);
        assertThat(whole).startsWith(brief).contains("\tat ");
    }

    @Test
    void asJsonItIsOneObjectPerLine() throws Exception {
        // Given
        LoggingEvent event = event("failed\nagain", new IllegalStateException("boom"));
        event.addKeyValuePair(new KeyValuePair("attempt", 3));

        // When
        String line = new String(new JsonLogLine().encode(event), StandardCharsets.UTF_8);

        // Then
        var json = new JsonMapper().readTree(line);
        assertThat(line).endsWith("\n").hasLineCount(1);
        assertThat(json.path("message").asText()).isEqualTo("failed\nagain");
        assertThat(json.path("attempt").asText()).isEqualTo("3");
        assertThat(json.path("error").asText()).contains("boom");
        assertThat(json.path("stack").asText()).contains("\tat ");
    }

    @Test
    void aConnectionThatComesWhileTheServerStopsIsNoError() throws Exception {
        // Given
        Class<?> server = Class.forName("io.helidon.webserver.ServerListener");
        Logger theirs = logger.getLoggerContext().getLogger(server);

        // When
        FilterReply late = verdict(theirs, new RejectedExecutionException("stopped"));
        FilterReply broken = verdict(theirs, new IllegalStateException("broken"));
        FilterReply ours = verdict(logger, new RejectedExecutionException("stopped"));

        // Then
        assertThat(late).isEqualTo(FilterReply.DENY);
        assertThat(broken).isEqualTo(FilterReply.NEUTRAL);
        assertThat(ours).isEqualTo(FilterReply.NEUTRAL);
    }

    private static FilterReply verdict(Logger where, Throwable thrown) {
        return new Logs.LateConnections().decide(new LoggingEvent("", where, Level.ERROR, "rejected", thrown, null));
    }

    private static String text(LoggingEvent event, boolean hasStack) {
        return new String(new TextLogLine(hasStack).encode(event), StandardCharsets.UTF_8);
    }

    private LoggingEvent event(String message, @Nullable Throwable thrown) {
        return new LoggingEvent("", logger, Level.WARN, message, thrown, null);
    }
}
