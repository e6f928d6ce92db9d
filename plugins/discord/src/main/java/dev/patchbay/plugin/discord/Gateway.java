package dev.patchbay.plugin.discord;

import com.neovisionaries.ws.client.WebSocketFactory;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.dv8tion.jda.api.JDA;
import net.dv8tion.jda.api.JDABuilder;
import net.dv8tion.jda.api.events.GatewayPingEvent;
import net.dv8tion.jda.api.events.GenericEvent;
import net.dv8tion.jda.api.events.RawGatewayEvent;
import net.dv8tion.jda.api.events.session.SessionDisconnectEvent;
import net.dv8tion.jda.api.events.session.ShutdownEvent;
import net.dv8tion.jda.api.exceptions.InvalidTokenException;
import net.dv8tion.jda.api.hooks.EventListener;
import net.dv8tion.jda.api.requests.CloseCode;
import net.dv8tion.jda.api.requests.GatewayIntent;
import net.dv8tion.jda.api.requests.RestConfig;
import net.dv8tion.jda.api.utils.Compression;
import net.dv8tion.jda.internal.JDAImpl;
import net.dv8tion.jda.internal.requests.WebSocketClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection on which Discord tells what happens. JDA resumes it by itself; what JDA does not bring back within 25 s is given up
 * and built anew, since what was said meanwhile is in the history.
 */
final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration PATIENCE = Duration.ofSeconds(25);
    private static final Duration PAUSE_MIN = Duration.ofMillis(500);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

    /**
     * How long nothing need be heard before the gateway is asked for a sign of life, and how long that may take. JDA asks every 41 s
     * and forgives two silences: the account would be called well for two minutes.
     */
    private static final Duration QUIET = Duration.ofSeconds(10);

    private static final Duration END_MAX = Duration.ofSeconds(2);

    /** JDA resumes without a pause: a server that hangs up at once would be called in a circle. */
    private static final int LOSSES_MAX = 10;

    private final String name;
    private final Api api;
    private final DiscordSettings settings;
    private final Intake intake;
    private final Health health;
    private final GatewaySessions sessions;
    private final LinkedBlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean isClosed;

    /** What a connection says about itself. */
    private sealed interface Signal {
        /** Events come in, of a new session or the old one. */
        record Up() implements Signal {}

        /** Something was heard. */
        record Alive() implements Signal {}

        /** JDA is about to connect again. */
        record Down(String reason) implements Signal {}

        /** JDA could not connect and does not try again by itself. */
        record Stuck(String reason) implements Signal {}

        /** JDA has given up. */
        record Over(int closeCode) implements Signal {}
    }

    Gateway(String name, Api api, DiscordSettings settings, Intake intake, Health health) {
        this.name = name;
        this.api = api;
        this.settings = settings;
        this.intake = intake;
        this.health = health;
        this.sessions =
                new GatewaySessions(name, api, settings.gatewayUrl(), reason -> signals.add(new Signal.Stuck(reason)));
        this.thread = Thread.ofVirtual().name(name + "-gateway").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Ends the connection; at most some seconds. */
    @Override
    public void close() {
        isClosed = true;
        thread.interrupt();
        try {
            if (!thread.join(END_MAX.multipliedBy(2))) {
                LOG.warn("{} does not end", thread.getName());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Duration pause = PAUSE_MIN;
        try {
            while (true) {
                signals.clear();
                boolean wasUp = false;
                var pools = new Pools(name);
                try {
                    JDA jda = connect(pools);
                    try {
                        wasUp = watch(jda);
                    } finally {
                        end(jda);
                    }
                } catch (Fatal fatal) {
                    LOG.error("{}: {}", name, fatal.getMessage());
                    health.failed(String.valueOf(fatal.getMessage()));
                    return;
                } catch (InvalidTokenException refused) {
                    health.failed(tokenRefused());
                    return;
                } catch (RuntimeException | Error failed) {
                    // Whatever it is: a bot that no longer listens and does not say so is the worst that can happen.
                    if (Thread.interrupted() && isClosed) {
                        return;
                    }
                    LOG.warn("{}: no connection: {}", name, GatewaySessions.deepestMessage(failed));
                    health.disconnected("Discord cannot be reached: " + GatewaySessions.deepestMessage(failed));
                } finally {
                    pools.end();
                }
                pause = wasUp ? PAUSE_MIN : pause;
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
            }
        } catch (InterruptedException closing) {
            // The only one who interrupts is close(), and this thread ends here.
            Thread.currentThread().interrupt();
        }
    }

    /** Follows one connection until it has to be given up. @return whether it ever worked */
    private boolean watch(JDA jda) throws InterruptedException, Fatal {
        boolean wasUp = false;
        int losses = 0;
        boolean isUp = false;
        boolean isAsked = false;
        long downSince = System.nanoTime();
        while (true) {
            long left = downSince + PATIENCE.toNanos() - System.nanoTime();
            Signal signal = signals.poll(isUp ? QUIET.toNanos() : Math.max(0, left), TimeUnit.NANOSECONDS);
            switch (signal) {
                case null -> {
                    if (isUp && !isAsked) {
                        isAsked = true;
                        askForLife(jda);
                        continue;
                    }
                    if (isUp) {
                        health.disconnected("Discord's gateway does not answer");
                        return wasUp;
                    }
                    health.disconnected("Discord's gateway has been silent for " + PATIENCE.toSeconds() + " s");
                    return wasUp;
                }
                case Signal.Alive() -> isAsked = false;
                case Signal.Up() -> {
                    isAsked = false;
                    isUp = true;
                    wasUp = true;
                    health.connected();
                }
                case Signal.Down(String reason) -> {
                    losses++;
                    health.disconnected(reason);
                    if (isUp) {
                        isUp = false;
                        losses = System.nanoTime() - downSince > TimeUnit.MINUTES.toNanos(1) ? 1 : losses;
                        downSince = System.nanoTime();
                    }
                    if (losses >= LOSSES_MAX) {
                        return false;
                    }
                }
                case Signal.Stuck(String reason) -> {
                    health.disconnected(reason);
                    return wasUp;
                }
                case Signal.Over(int closeCode) -> {
                    String reason = fatal(closeCode);
                    if (reason != null) {
                        throw new Fatal(reason);
                    }
                    health.disconnected("Discord has ended the connection (" + closeCode + ")");
                    return wasUp;
                }
            }
        }
    }

    /** A heartbeat out of turn; its acknowledgement is a sign of life, as is any event. */
    private static void askForLife(JDA jda) {
        WebSocketClient client = ((JDAImpl) jda).getClient();
        if (client != null && client.socket != null) {
            client.socket.sendText("{\"op\":1,\"d\":" + jda.getResponseTotal() + "}");
        }
    }

    private JDA connect(Pools pools) {
        var intents = EnumSet.of(
                GatewayIntent.GUILD_MESSAGES,
                GatewayIntent.DIRECT_MESSAGES,
                GatewayIntent.GUILD_MESSAGE_REACTIONS,
                GatewayIntent.DIRECT_MESSAGE_REACTIONS);
        if (settings.readsAll()) {
            intents.add(GatewayIntent.MESSAGE_CONTENT);
        }
        var sockets = new WebSocketFactory();
        if (settings.proxy() != null) {
            settings.proxy().applyTo(sockets);
        }
        // Light: nothing but the guilds' own shape is kept in memory; we read the raw events.
        JDABuilder builder = JDABuilder.createLight(settings.token(), intents)
                .setRawEventsEnabled(true)
                .addEventListeners((EventListener) this::on)
                .setRestConfig(new RestConfig().setBaseUrl(settings.apiUrl() + "/"))
                .setSessionController(sessions)
                .setCompression(settings.gatewayUrl().isEmpty() ? Compression.ZLIB : Compression.NONE)
                .setHttpClient(api.client())
                .setWebsocketFactory(sockets)
                .setRequestTimeoutRetry(false)
                .setEnableShutdownHook(false)
                .setContextEnabled(false);
        pools.give(builder);
        return builder.build();
    }

    /** On the thread that reads the gateway. */
    private void on(GenericEvent event) {
        switch (event) {
            case RawGatewayEvent raw -> {
                if (raw.getType().equals("READY")) {
                    ForgivingHandler.guard((JDAImpl) raw.getJDA());
                }
                try {
                    intake.event(raw.getType(), raw.getPayload());
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                    return;
                } catch (RuntimeException | Error fault) {
                    // An Error, too: JDA would let it end the thread that reads.
                    LOG.error("{}: an event {} could not be read", name, raw.getType(), fault);
                    if (raw.getType().equals("READY")) {
                        signals.add(new Signal.Stuck("Discord's greeting cannot be read"));
                        return;
                    }
                }
                heard();
                if (raw.getType().equals("READY") || raw.getType().equals("RESUMED")) {
                    signals.add(new Signal.Up());
                }
            }
            case GatewayPingEvent _ -> heard();
            case SessionDisconnectEvent lost -> {
                CloseCode code = lost.getCloseCode();
                signals.add(new Signal.Down("the connection to Discord was lost"
                        + (code == null ? "" : " (" + code.getCode() + ": " + code.getMeaning() + ")")));
            }
            case ShutdownEvent over -> signals.add(new Signal.Over(over.getCode()));
            default -> {}
        }
    }

    /** One word of it is enough for the thread that watches. */
    private void heard() {
        if (signals.isEmpty()) {
            signals.add(new Signal.Alive());
        }
    }

    private void end(JDA jda) {
        jda.removeEventListener(jda.getRegisteredListeners().toArray());
        jda.shutdownNow();
        // JDA waits up to 10 s for the server to say goodbye; a server that does not must not hold us.
        WebSocketClient client = ((JDAImpl) jda).getClient();
        boolean wasInterrupted = Thread.interrupted();
        try {
            if (!jda.awaitShutdown(END_MAX) && client != null && client.socket != null) {
                Socket socket = client.socket.getSocket();
                if (socket != null) {
                    socket.close();
                }
            }
        } catch (IOException | InterruptedException closingAnyway) {
            LOG.debug("{}: the connection ended roughly", name, closingAnyway);
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static String tokenRefused() {
        return "Discord refuses the token: put the one from the developer portal (Bot, Reset Token) into the account's"
                + " token";
    }

    private static @Nullable String fatal(int closeCode) {
        return switch (closeCode) {
            case 4004 -> tokenRefused() + " (4004)";
            case 4010, 4011 ->
                "Discord wants this bot to be sharded (" + closeCode
                        + "), which is not supported: it is in too many guilds";
            case 4012 -> "Discord no longer speaks this version of its gateway (4012): update Patchbay";
            case 4013 -> "Discord does not know an intent that was asked for (4013): update Patchbay";
            case 4014 ->
                "The bot may not read messages (4014): switch on Message Content Intent in the developer portal (Bot),"
                        + " or set message-content: false";
            default -> null;
        };
    }

    /** No connection will come until somebody acts. */
    private static final class Fatal extends Exception {
        private static final long serialVersionUID = 1L;

        Fatal(String message) {
            super(message);
        }
    }
}
