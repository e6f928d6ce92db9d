package dev.patchbay.hub.channel;

import dev.patchbay.api.ChannelHost.Condition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One try, from before the plugin is asked until its channel is closed. Its fields belong to the account's lock. */
final class Opening {
    @Nullable
    Connection connection;

    Condition reported = Condition.RUNNING;
    String reason = "";

    /** Why it is over although nobody wanted that; then {@code next} says when to try again. */
    @Nullable
    String broken;

    Instant next = Instant.MAX;
}
