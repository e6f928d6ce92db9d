package dev.patchbay.plugin.discord;

import java.util.Map;
import net.dv8tion.jda.api.utils.data.DataObject;
import net.dv8tion.jda.internal.JDAImpl;
import net.dv8tion.jda.internal.handle.SocketHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets JDA stumble over an event without taking it away from us. JDA drops what it cannot read, a field that is new or missing
 * somewhere in a guild is enough, and drops it before it shows the event as it came. We need it only as it came.
 */
final class ForgivingHandler extends SocketHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ForgivingHandler.class);

    private final String type;
    private final SocketHandler strict;

    private ForgivingHandler(JDAImpl jda, String type, SocketHandler strict) {
        super(jda);
        this.type = type;
        this.strict = strict;
    }

    /** Stands before all handlers of a connection. To be called by the thread that reads it, once or more often. */
    static void guard(JDAImpl jda) {
        Map<String, SocketHandler> handlers = jda.getClient().getHandlers();
        handlers.replaceAll((type, handler) -> Intake.KINDS.contains(type) && !(handler instanceof ForgivingHandler)
                ? new ForgivingHandler(jda, type, handler)
                : handler);
    }

    @Override
    protected @Nullable Long handleInternally(DataObject content) {
        try {
            strict.handle(responseNumber, allContent);
        } catch (RuntimeException unreadable) {
            LOG.debug("JDA cannot read an event {}", type, unreadable);
        }
        return null;
    }
}
