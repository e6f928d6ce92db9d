package dev.patchbay.plugin.llm;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.AgentHost;
import dev.patchbay.api.Reply;
import dev.patchbay.api.ReplySink;
import dev.patchbay.api.Turn;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One configured model. Costs nothing before its first turn. Safe for many threads. */
final class LlmAgent implements Agent {
    private final String id;
    private final LlmSettings settings;
    private final AgentHost host;
    private final Patience patience;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Workshop workshop;
    private boolean closed;

    LlmAgent(String id, LlmSettings settings, AgentHost host, Patience patience) {
        this.id = id;
        this.settings = settings;
        this.host = host;
        this.patience = patience;
    }

    @Override
    public Reply reply(Turn turn, ReplySink sink) throws AgentFailed, InterruptedException {
        if (settings.lacksKey()) {
            throw new AgentFailed(
                    "agents." + id + ".api-key is empty; set the variable that it names, and start again");
        }
        return workshop().answer(turn, new Speech(sink));
    }

    private Workshop workshop() throws AgentFailed, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (closed) {
                throw new AgentFailed("it is closed");
            }
            Workshop made = workshop;
            if (made == null) {
                made = new Workshop(settings, host, patience);
                workshop = made;
            }
            return made;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Workshop last;
        lock.lock();
        try {
            closed = true;
            last = workshop;
            workshop = null;
        } finally {
            lock.unlock();
        }
        if (last != null) {
            last.close();
        }
    }
}
