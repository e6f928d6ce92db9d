package dev.patchbay.fakes.discord;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import net.dv8tion.jda.api.JDA;
import net.dv8tion.jda.api.JDABuilder;
import net.dv8tion.jda.api.events.GatewayPingEvent;
import net.dv8tion.jda.api.events.GenericEvent;
import net.dv8tion.jda.api.hooks.EventListener;
import net.dv8tion.jda.api.requests.GatewayIntent;
import net.dv8tion.jda.api.requests.RestConfig;
import net.dv8tion.jda.api.utils.Compression;
import net.dv8tion.jda.api.utils.SessionControllerAdapter;

/** A real client that has logged in to the fake, and what it has heard. */
final class JdaClient implements AutoCloseable {
    static final Duration BOUND = Duration.ofSeconds(30);

    private final BlockingQueue<GenericEvent> heard = new LinkedBlockingQueue<>();
    private final JDA jda;

    /** Connects to the fake, and without the five seconds between two identifies that the real one wants. */
    private static final class ToFake extends SessionControllerAdapter {
        private final String url;

        ToFake(String url) {
            this.url = url;
        }

        @Override
        public String getGateway() {
            return url;
        }

        @Override
        protected void runWorker() {
            synchronized (lock) {
                if (workerHandle == null) {
                    workerHandle = new QueueWorker(0L);
                    workerHandle.start();
                }
            }
        }
    }

    JdaClient(FakeDiscord discord, String token, EnumSet<GatewayIntent> intents) {
        jda = JDABuilder.createLight(token, intents)
                .setSessionController(new ToFake(discord.gatewayUrl()))
                .setRestConfig(new RestConfig().setBaseUrl(discord.url() + "/"))
                .setCompression(Compression.NONE)
                .setEnableShutdownHook(false)
                .addEventListeners((EventListener) heard::add)
                .build();
    }

    /**
     * Logs in, and waits until its first heartbeat was answered: JDA counts those without an answer across connections, and after two
     * in a row it gives a healthy connection up, which a test that cuts connections one after the other must not run into. Rarely JDA
     * leaves the first heartbeat out, then there is none without an answer either.
     */
    static JdaClient ready(FakeDiscord discord, Bot bot) throws InterruptedException {
        var client = new JdaClient(
                discord,
                bot.token(),
                EnumSet.of(
                        GatewayIntent.GUILD_MESSAGES,
                        GatewayIntent.GUILD_MESSAGE_REACTIONS,
                        GatewayIntent.DIRECT_MESSAGES,
                        GatewayIntent.DIRECT_MESSAGE_REACTIONS,
                        GatewayIntent.MESSAGE_CONTENT));
        client.jda.awaitReady();
        client.within(Duration.ofSeconds(5), GatewayPingEvent.class, any -> true);
        return client;
    }

    JDA jda() {
        return jda;
    }

    /** The next event of a type; those of other types before it are passed over. */
    <E> E next(Class<E> type) throws InterruptedException {
        return next(type, any -> true);
    }

    <E> E next(Class<E> type, Predicate<E> which) throws InterruptedException {
        return within(BOUND, type, which).orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " came"));
    }

    <E> Optional<E> within(Duration bound, Class<E> type, Predicate<E> which) throws InterruptedException {
        long end = System.nanoTime() + bound.toNanos();
        while (true) {
            GenericEvent event = heard.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                return Optional.empty();
            }
            if (type.isInstance(event) && which.test(type.cast(event))) {
                return Optional.of(type.cast(event));
            }
        }
    }

    @Override
    public void close() {
        jda.shutdownNow();
        try {
            if (!jda.awaitShutdown(BOUND)) {
                throw new AssertionError("JDA does not end");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
