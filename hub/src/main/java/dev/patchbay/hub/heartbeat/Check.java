package dev.patchbay.hub.heartbeat;

import java.util.Locale;

/** What has to be in order before an agent is asked, in the order of asking. */
public enum Check {
    /** It has no heartbeat, or it is switched off. */
    DISABLED,
    /** The last one was too short a time ago. */
    INTERVAL,
    /** It is night. */
    HOURS,
    /** There is nothing to look at. */
    FILE,
    /** Something is still on its way to the one who would hear of it. */
    CHANNEL_BUSY,
    /** The agent works for somebody. */
    AGENT_BUSY;

    /** As programs see it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
