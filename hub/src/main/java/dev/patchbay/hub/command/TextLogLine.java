package dev.patchbay.hub.command;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.patchbay.hub.command.screen.HarmlessText;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** A log event as people read it: time, level, who, what, fields. Nothing in it can begin a line of its own. */
final class TextLogLine extends EncoderBase<ILoggingEvent> {
    private static final byte[] NONE = {};

    private final boolean hasStack;
    private final DateTimeFormatter time =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    TextLogLine(boolean hasStack) {
        this.hasStack = hasStack;
    }

    @Override
    public byte[] headerBytes() {
        return NONE;
    }

    @Override
    public byte[] footerBytes() {
        return NONE;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        String logger = event.getLoggerName();
        var line = new StringBuilder(160);
        time.formatTo(event.getInstant(), line);
        line.append(' ').append(event.getLevel());
        line.repeat(' ', Math.max(1, 6 - event.getLevel().toString().length()));
        line.append(logger, logger.lastIndexOf('.') + 1, logger.length()).append(": ");
        line.append(HarmlessText.line(String.valueOf(event.getFormattedMessage())));
        if (event.getKeyValuePairs() != null) {
            event.getKeyValuePairs().forEach(pair -> line.append(' ')
                    .append(pair.key)
                    .append('=')
                    .append(HarmlessText.line(String.valueOf(pair.value))));
        }
        event.getMDCPropertyMap()
                .forEach(
                        (key, value) -> line.append(' ').append(key).append('=').append(HarmlessText.line(value)));
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.append(" [")
                    .append(HarmlessText.line(thrown.getClassName() + ": " + thrown.getMessage()))
                    .append(']');
        }
        line.append('\n');
        if (thrown != null && hasStack) {
            line.append(HarmlessText.of(ThrowableProxyUtil.asString(thrown)));
        }
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }
}
