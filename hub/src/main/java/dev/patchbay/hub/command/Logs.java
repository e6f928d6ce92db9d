package dev.patchbay.hub.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.io.PrintStream;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the log to standard error, one line per event. Set up in code: reading an XML file would cost a tenth of the start. */
final class Logs {
    private static final String OURS = "dev.patchbay";

    /** How a line looks. */
    enum Format {
        TEXT,
        JSON
    }

    private Logs() {}

    /** From here on events are written; until then none are. */
    static void start(PrintStream target, Format format, boolean isVerbose) {
        var logging = (LoggerContext) LoggerFactory.getILoggerFactory();
        logging.reset();
        var encoder = format == Format.JSON ? new JsonLogLine() : new TextLogLine(isVerbose);
        encoder.setContext(logging);
        encoder.start();
        var appender = new OutputStreamAppender<ILoggingEvent>();
        appender.setContext(logging);
        appender.setName("stderr");
        appender.setEncoder(encoder);
        appender.setOutputStream(target);
        appender.addFilter(new LateConnections());
        appender.start();
        var root = logging.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(isVerbose ? Level.INFO : Level.WARN);
        root.addAppender(appender);
        // At each start it says that it could be a little faster with a module of Java that is not finished yet.
        logging.getLogger("org.apache.lucene.internal.vectorization").setLevel(Level.ERROR);
        logging.getLogger(OURS).setLevel(isVerbose ? Level.DEBUG : Level.INFO);
    }

    /** A connection that comes in the instant of a stop is closed again; the web server takes that for an error, with a stack. */
    static final class LateConnections extends Filter<ILoggingEvent> {
        private static final String SERVER = "io.helidon.webserver.ServerListener";

        @Override
        public FilterReply decide(ILoggingEvent event) {
            IThrowableProxy thrown = event.getThrowableProxy();
            boolean isLate = thrown != null
                    && event.getLoggerName().equals(SERVER)
                    && thrown.getClassName().equals(RejectedExecutionException.class.getName());
            return isLate ? FilterReply.DENY : FilterReply.NEUTRAL;
        }
    }
}
