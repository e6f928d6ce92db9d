package dev.patchbay.plugin.discord;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import net.dv8tion.jda.api.JDABuilder;

/**
 * The threads that one connection of JDA's works with. Ours rather than its own: JDA leaves its pools behind when it cannot log in,
 * and runs callbacks on the JVM's common pool, which would keep our class loader alive.
 */
final class Pools {
    private final ScheduledExecutorService gateway;
    private final ScheduledExecutorService limits;
    private final ExecutorService work;

    /** @param name what threads are named after */
    Pools(String name) {
        gateway = Executors.newScheduledThreadPool(
                1, Thread.ofVirtual().name(name + "-jda").factory());
        limits = Executors.newScheduledThreadPool(
                1, Thread.ofVirtual().name(name + "-jda-limits").factory());
        work = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name + "-jda-work-", 0).factory());
    }

    void give(JDABuilder builder) {
        builder.setGatewayPool(gateway, true)
                .setRateLimitScheduler(limits, true)
                .setRateLimitElastic(work, true)
                .setCallbackPool(work, true);
    }

    /** Ends what is under way. May be called twice, also after JDA has done so. */
    void end() {
        gateway.shutdownNow();
        limits.shutdownNow();
        work.shutdownNow();
    }
}
