package dev.patchbay.hub.heartbeat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What an agent is told when its heartbeat comes. */
final class Prompt {
    /** What the transcript keeps of it: the file is there to be read, and may have changed by then. */
    static final String IN_TRANSCRIPT = "Heartbeat";

    private Prompt() {}

    static String of(HeartbeatSpec spec, String file, Instant now) {
        return """
            This is your heartbeat. Nobody has written to you; it is %s. Below is what you were given to look after. Go \
            through it now.
            If something needs attention, say what, in a few words: your answer is sent as a message. If nothing does, \
            answer %s and nothing else. Do not say again what you have said before.

            %s\
            """.formatted(now.truncatedTo(ChronoUnit.SECONDS), spec.silence().word(), file);
    }
}
