package dev.patchbay.fakes.discord;

import dev.patchbay.fakes.http.FakeServer;
import dev.patchbay.fakes.http.Faults;
import dev.patchbay.fakes.http.Request;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Discord on 127.0.0.1, as far as bots see it: REST version 10 and the gateway (JSON, no compression), with the people who talk
 * to them. It misbehaves when told to: requests by {@link #faults()}, the gateway's handshake by {@link #gatewayFaults()},
 * sessions by {@link #gateway()}, limits by {@link #slowDown}. Safe for use by many threads.
 *
 * <p>What is said while a bot has no session stays in the channels' history and is never told as an event.
 */
public final class FakeDiscord implements AutoCloseable {
    /** The route by which bots send messages, for {@link #requests(String)}. */
    public static final String SEND = "POST /channels/{channel}/messages";

    private final World world;
    private final Gateway gateway;
    private final Rest rest;
    private final RateLimits limits;
    private final FakeServer restServer;
    private final FakeServer gatewayServer;
    private final Faults faults = new Faults();
    private final Faults gatewayFaults = new Faults();

    /**
     * How to start.
     *
     * @param port for REST; 0 for any free one
     * @param gatewayPort for the gateway; 0 for any free one
     * @param heartbeat how often a bot must show that it lives
     * @param limits the rate limits to enforce
     */
    public record Settings(int port, int gatewayPort, Duration heartbeat, Limits limits, Clock clock) {
        /** Free ports, 41.25 s between heartbeats as the real one has it, limits that no test meets. */
        public static Settings forTests() {
            return new Settings(0, 0, Duration.ofMillis(41_250), Limits.wide(), Clock.systemUTC());
        }

        public Settings with(Limits others) {
            return new Settings(port, gatewayPort, heartbeat, others, clock);
        }

        public Settings withHeartbeat(Duration every) {
            return new Settings(port, gatewayPort, every, limits, clock);
        }
    }

    private FakeDiscord(Settings settings) {
        world = new World(settings.clock());
        limits = new RateLimits(settings.limits());
        var desk = new GatewayDesk(world, settings.heartbeat());
        gateway = new Gateway(world, desk);
        gatewayServer = FakeServer.start(settings.gatewayPort(), desk::handle, gatewayFaults);
        rest = new Rest(world, limits);
        try {
            restServer = FakeServer.start(settings.port(), rest, faults);
        } catch (RuntimeException taken) {
            gatewayServer.close();
            throw taken;
        }
        world.connect(desk::tell, restServer.url(), gatewayUrl());
    }

    /** @throws java.io.UncheckedIOException if a port is taken */
    public static FakeDiscord start(Settings settings) {
        return new FakeDiscord(settings);
    }

    public static FakeDiscord start() {
        return start(Settings.forTests());
    }

    /** The base of all REST routes, {@code http://127.0.0.1:PORT/api/v10}; what {@code api-url} is set to. */
    public String url() {
        return restServer.url() + Rest.BASE;
    }

    /** {@code ws://127.0.0.1:PORT}; what {@code gateway-url} is set to. */
    public String gatewayUrl() {
        return "ws://127.0.0.1:" + gatewayServer.port();
    }

    // Who and what there is.

    /** An application with every privileged intent switched on. */
    public Bot addBot(String token, String name) {
        return addBot(token, name, Intents.PRIVILEGED);
    }

    /** @param intentsAllowed which of {@link Intents#PRIVILEGED} are switched on; asking for others is closed with 4014 */
    public Bot addBot(String token, String name, long intentsAllowed) {
        return world.locked(() -> world.addBot(token, name, intentsAllowed));
    }

    public User addUser(String name) {
        return world.locked(() -> world.addUser(name, false));
    }

    /** Somebody whose id a test has chosen: a whole number that nothing else here has. */
    public User addUser(String name, String id) {
        return world.locked(() -> world.addUser(name, id, false));
    }

    public Guild addGuild(String name) {
        return world.locked(() -> world.addGuild(name));
    }

    /** The direct channel of the two, made when it is asked for the first time. */
    public Channel direct(Bot bot, User person) {
        return world.locked(() -> world.direct(bot, person));
    }

    /** The token is wrong from now on: 401, and 4004 on the gateway. Open connections stay. */
    public void revoke(Bot bot) {
        world.change(() -> world.bots.remove(bot.token()));
    }

    // What goes wrong.

    /** The script for REST requests. */
    public Faults faults() {
        return faults;
    }

    /** The script for the gateway's handshakes. */
    public Faults gatewayFaults() {
        return gatewayFaults;
    }

    public Gateway gateway() {
        return gateway;
    }

    /** REST requests that send a message. */
    public static Predicate<Request> sends() {
        Predicate<Request> messages = Faults.path("/channels/[0-9]+/messages$");
        return request -> request.method().equals("POST") && messages.test(request);
    }

    /** REST requests that send a message to this channel. */
    public static Predicate<Request> sendsTo(Channel channel) {
        Predicate<Request> here = Faults.path("/channels/" + channel.id() + "/messages$");
        return request -> request.method().equals("POST") && here.test(request);
    }

    /** Answers the bot's requests about this channel with 429 for so long, telling the time that is left. */
    public void slowDown(Bot bot, Channel channel, Duration time) {
        world.change(() -> limits.block(bot, channel.id(), world.now().plus(time)));
    }

    /** Answers all requests of the bot with a global 429 for so long. */
    public void slowDown(Bot bot, Duration time) {
        world.change(() -> limits.block(bot, "", world.now().plus(time)));
    }

    /** Resets all connections that are open now, REST and gateway. */
    public void resetConnections() {
        restServer.resetConnections();
        gatewayServer.resetConnections();
    }

    // What has happened.

    /**
     * How many requests of a route have come, also those that a fault kept from being handled.
     *
     * @param route such as {@link #SEND}, written as in {@link Call#route()}
     */
    public long requests(String route) {
        return rest.arrived(route);
    }

    /** The latest 100,000 requests that were handled, in order. */
    public List<Call> calls() {
        return world.read(rest::calls);
    }

    /** How many requests were answered with 429 because of the limits. */
    public long rateLimited() {
        return world.read(limits::refused);
    }

    /**
     * Waits until something holds.
     *
     * @param condition asked after each change and every 100 ms; it must not wait for anything itself
     * @return false if it did not come true in time
     */
    public boolean await(Duration bound, BooleanSupplier condition) throws InterruptedException {
        return world.await(bound, condition);
    }

    /** Ends all connections and listens no more. May be called twice. */
    @Override
    public void close() {
        restServer.close();
        gatewayServer.close();
    }
}
