package dev.patchbay.hub.agent.process;

import dev.patchbay.hub.agent.SecretMask;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets what a program writes to its standard error into the log: without the agent's secrets, shortened, and only so much in a
 * minute. Safe for many threads.
 */
final class Words {
    private static final Logger log = LoggerFactory.getLogger(ProcessAgentPlugin.class);
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);
    static final int LINES_PER_WINDOW = 100;

    private final String agentId;
    private final SecretMask mask;
    private long windowBegan = System.nanoTime();
    private long lines;

    Words(String agentId, SecretMask mask) {
        this.agentId = agentId;
        this.mask = mask;
    }

    void said(int worker, byte[] line) {
        if (mayWrite()) {
            log.info(
                    "agent={} worker={} stderr: {}",
                    agentId,
                    worker,
                    mask.line(new String(line, StandardCharsets.UTF_8)));
        }
    }

    private synchronized boolean mayWrite() {
        long now = System.nanoTime();
        if (now - windowBegan >= WINDOW_NANOS) {
            if (lines > LINES_PER_WINDOW) {
                log.info("agent={} {} more lines of its stderr were left out", agentId, lines - LINES_PER_WINDOW);
            }
            windowBegan = now;
            lines = 0;
        }
        lines++;
        return lines <= LINES_PER_WINDOW;
    }
}
