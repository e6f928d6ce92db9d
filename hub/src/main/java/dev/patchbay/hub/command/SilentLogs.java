package dev.patchbay.hub.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * Logback's first configuration, found as a service: nothing is logged until {@link Logs} says where. Logback's own would write
 * everything to standard output, also what the JDK says when the process ends.
 */
public final class SilentLogs extends ContextAwareBase implements Configurator {

    @Override
    public ExecutionStatus configure(LoggerContext logging) {
        if (isConfiguredByFile()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        logging.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Tests bring a file. */
    private static boolean isConfiguredByFile() {
        return SilentLogs.class.getClassLoader().getResource("logback-test.xml") != null;
    }
}
