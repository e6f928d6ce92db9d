package dev.patchbay.plugin.discord;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.dv8tion.jda.api.JDA;
import net.dv8tion.jda.api.utils.SessionController;
import org.jspecify.annotations.Nullable;

/**
 * Tells JDA where the gateway is, and lets it start sessions as far apart as Discord wants them. One per account, over all of its
 * connections.
 */
final class GatewaySessions implements SessionController {
    /** Discord takes one IDENTIFY of a bot in five seconds. */
    private static final Duration APART = Duration.ofSeconds(5);

    private final String name;
    private final Api api;
    private final String configured;
    private final Consumer<String> onFailure;
    private long lastNanos;
    private boolean hasIdentified;

    /**
     * @param configured the gateway's address; empty: Discord is asked
     * @param onFailure told when a connection could not be made
     */
    GatewaySessions(String name, Api api, String configured, Consumer<String> onFailure) {
        this.name = name;
        this.api = api;
        this.configured = configured;
        this.onFailure = onFailure;
    }

    @Override
    public String getGateway() {
        if (!configured.isEmpty()) {
            return configured;
        }
        try {
            ApiAnswer answer = api.get("/gateway");
            String url = answer.object().map(json -> json.getString("url", "")).orElse("");
            if (!answer.isOk() || !url.startsWith("ws")) {
                throw new IllegalStateException("Discord does not say where its gateway is: " + answer.words());
            }
            return url;
        } catch (ApiTrouble unreachable) {
            throw new IllegalStateException("Discord cannot be reached: " + unreachable.getMessage(), unreachable);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stop);
        }
    }

    @Override
    public ShardedGateway getShardedGateway(JDA jda) {
        return new ShardedGateway(getGateway(), 1);
    }

    @Override
    public void appendSession(SessionConnectNode node) {
        Thread.ofVirtual().name(name + "-connect").start(() -> {
            try {
                for (long left = claim(); left > 0; left = claim()) {
                    TimeUnit.NANOSECONDS.sleep(left);
                    if (isOver(node.getJDA().getStatus())) {
                        return;
                    }
                }
                node.run(true);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error failed) {
                if (!isOver(node.getJDA().getStatus())) {
                    onFailure.accept("the gateway cannot be reached: " + deepestMessage(failed));
                }
            }
        });
    }

    @Override
    public void removeSession(SessionConnectNode node) {
        // A node that is shut down does nothing when its turn comes.
    }

    /** @return zero if a session may start now, and then counts as started; else how many nanoseconds are left */
    private synchronized long claim() {
        long now = System.nanoTime();
        long left = hasIdentified ? lastNanos + APART.toNanos() - now : 0;
        if (left <= 0) {
            hasIdentified = true;
            lastNanos = now;
        }
        return Math.max(0, left);
    }

    private static boolean isOver(JDA.Status status) {
        return status == JDA.Status.SHUTTING_DOWN || status == JDA.Status.SHUTDOWN;
    }

    /** JDA's own wrappers say nothing of use. */
    static String deepestMessage(Throwable failed) {
        String message = failed.getClass().getSimpleName();
        for (@Nullable Throwable each = failed; each != null; each = each.getCause()) {
            if (each.getMessage() != null) {
                message = each.getMessage();
            }
        }
        return message;
    }
}
