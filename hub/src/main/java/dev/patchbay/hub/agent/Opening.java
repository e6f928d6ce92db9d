package dev.patchbay.hub.agent;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.AgentPlugin;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Opens one agent under a bound and a guard. */
final class Opening {
    private Opening() {}

    /**
     * Opens it. One that comes too late is closed.
     *
     * @throws AgentFailed with a line that holds no secret
     */
    static Agent open(AgentSpec spec, @Nullable AgentPlugin plugin, Offer offer, ThreadFactory threads)
            throws AgentFailed, InterruptedException {
        if (plugin == null) {
            throw new AgentFailed("there is no plugin for agents of type " + spec.type());
        }
        var mask = new SecretMask(spec.settings());
        var opening = new FutureTask<Agent>(() -> plugin.open(spec.id(), spec.settings(), offer.to(spec))) {
            @Override
            protected void set(Agent late) {
                super.set(late);
                if (isCancelled() && late != null) {
                    late.close();
                }
            }
        };
        Thread thread = threads.newThread(opening);
        thread.setName("agent-open-" + spec.id());
        thread.setContextClassLoader(plugin.getClass().getClassLoader());
        thread.start();
        try {
            Agent agent = opening.get(spec.openTimeout().toNanos(), TimeUnit.NANOSECONDS);
            if (agent == null) {
                throw new AgentFailed("its plugin made none");
            }
            return agent;
        } catch (TimeoutException tooLate) {
            opening.cancel(true);
            throw new AgentFailed("not open within " + spec.openTimeout().toMillis() + " ms");
        } catch (InterruptedException stopped) {
            opening.cancel(true);
            throw stopped;
        } catch (ExecutionException broken) {
            throw new AgentFailed(mask.line(reason(broken.getCause())));
        }
    }

    private static String reason(@Nullable Throwable cause) {
        // By contract the message of an exception is meant to be shown; an error has made no such promise.
        if (cause instanceof Exception said && said.getMessage() != null) {
            return said.getMessage();
        }
        return cause == null
                ? "no reason given"
                : "it threw " + cause.getClass().getSimpleName();
    }
}
