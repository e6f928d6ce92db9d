package dev.patchbay.plugin.discord;

import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelHost.Condition;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts together how the account is doing and tells the hub when that changes. Safe for many threads. */
final class Health {
    private final ChannelHost host;
    private final Map<String, String> troubles = new LinkedHashMap<>();
    private @Nullable String down;
    private boolean isOver;
    private @Nullable String told;

    Health(ChannelHost host) {
        this.host = host;
    }

    synchronized void connected() {
        down = null;
        tell();
    }

    synchronized void disconnected(String reason) {
        down = reason;
        tell();
    }

    /** Something that keeps messages of one channel from coming in. */
    synchronized void trouble(String channel, String reason) {
        troubles.put(channel, reason);
        tell();
    }

    synchronized void solved(String channel) {
        if (troubles.remove(channel) != null) {
            tell();
        }
    }

    /** Nothing will work until somebody acts. The last word. */
    synchronized void failed(String reason) {
        if (!isOver) {
            isOver = true;
            host.report(Condition.FAILED, reason);
        }
    }

    /** No word after this. */
    synchronized void closed() {
        isOver = true;
    }

    private void tell() {
        if (isOver) {
            return;
        }
        String reason = down != null
                ? down
                : troubles.isEmpty() ? "" : troubles.values().iterator().next();
        if (!reason.equals(told)) {
            told = reason;
            host.report(
                    reason.isEmpty() ? Condition.RUNNING : Condition.DEGRADED, reason.isEmpty() ? "connected" : reason);
        }
    }
}
