package dev.patchbay.hub.gateway;

import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.gateway.openai.Completions;
import dev.patchbay.hub.gateway.rpc.Admission;
import dev.patchbay.hub.gateway.rpc.Failures;
import dev.patchbay.hub.gateway.rpc.RateLimiter;
import dev.patchbay.hub.gateway.rpc.RpcEngine;
import dev.patchbay.hub.gateway.rpc.RpcRegistry;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.memory.HeapState;
import dev.patchbay.hub.metrics.Meters;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.socket.SocketOptions;
import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.RequestException;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.http.media.MediaContext;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All doors that speak HTTP, on one port. Open from {@link #start} until {@link #close}. */
public final class Gateway {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    /** Files that the rest of the hub needs: without one left, the server would stop taking connections for ever. */
    private static final int FILES_KEPT = 512;

    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private final GatewaySettings settings;
    private final Optional<Tls> encryption;
    private final Rooms rooms;
    private final Admission admission;
    private final Visitors visitors;
    private final Failures failures;
    private final ConnectionWatch watch;
    private final RpcDoor rpc;
    private final ChannelDoor channels;
    private final AttachmentDoor files;
    private final Optional<OpenAiDoor> openAi;
    private final FailPoints failPoints;
    private final Set<WebSocketConnection> sockets = ConcurrentHashMap.newKeySet();
    private final Listening listening;

    /**
     * What lies behind the doors.
     *
     * @param methods what JSON-RPC can call
     * @param channels accounts that take HTTP requests
     * @param files what came with messages
     * @param ops health and metrics
     * @param completions agents as OpenAI's clients see them; empty: that door is closed
     * @param heap whether there is memory for requests
     */
    public record Rooms(
            RpcRegistry methods,
            ChannelDoors channels,
            AttachmentDesk files,
            OpsDoor ops,
            Optional<Completions> completions,
            HeapState heap) {

        /** Where nobody guards the memory. */
        public Rooms(RpcRegistry methods, ChannelDoors channels, AttachmentDesk files, OpsDoor ops) {
            this(methods, channels, files, ops, Optional.empty(), HeapState.ROOMY);
        }
    }

    private Gateway(
            GatewaySettings settings,
            Optional<Tls> encryption,
            Tokens tokens,
            Rooms rooms,
            Meters meters,
            World world) {
        this.settings = settings;
        this.encryption = encryption;
        this.rooms = rooms;
        this.failPoints = world.failPoints();
        GatewaySettings.Bounds bounds = settings.bounds();
        admission = new Admission(
                bounds.requests(),
                new RateLimiter(settings.rate(), settings.limitLoopback(), System::nanoTime),
                rooms.heap());
        visitors = new Visitors(tokens, admission, settings, this::port);
        failures = new Failures(world.random());
        watch = new ConnectionWatch(settings, world.threads(), System::nanoTime);
        var engine = new RpcEngine(rooms.methods(), admission, world.threads(), meters, failures);
        rpc = new RpcDoor(engine, world.threads(), bounds.pileUpBytes());
        channels = new ChannelDoor(rooms.channels(), failures);
        files = new AttachmentDoor(rooms.files());
        openAi = rooms.completions()
                .map(each -> new OpenAiDoor(each, world.threads(), bounds.pileUpBytes(), meters, failures));
        var socketDoor = new WebSocketDoor(
                visitors,
                new WebSocketConnection.Sockets(engine, watch, settings, world.threads(), failPoints, sockets));
        listening = new Listening(settings.host(), settings.port(), port -> server(socketDoor, port));
        meters.gauge("patchbay_ws_connections", Map.of(), sockets::size);
    }

    /**
     * Opens the doors.
     *
     * @throws IOException if host and port cannot be listened on; the message names both
     */
    public static Gateway start(GatewaySettings settings, Tokens tokens, Rooms rooms, Meters meters, World world)
            throws IOException {
        checkFree(settings);
        Optional<Tls> encryption = settings.tls().isPresent()
                ? Optional.of(Encryption.of(settings.tls().get()))
                : Optional.empty();
        var gateway = new Gateway(settings, encryption, tokens, rooms, meters, world);
        if (!gateway.listening.start()) {
            gateway.listening.stop();
            gateway.watch.halt();
            throw new IOException("cannot listen on " + settings.host() + ":" + settings.port());
        }
        return gateway;
    }

    /** The port that is listened on. */
    public int port() {
        return listening.port();
    }

    /** Open WebSockets. */
    public int sockets() {
        return sockets.size();
    }

    /** Memory is short: lets go of what piles up for readers that are too slow. */
    public void shed() {
        sockets.forEach(WebSocketConnection::shed);
    }

    /** Tells those who ask for the hub's health that it goes down; everything else is answered as before. */
    public void beginDrain() {
        rooms.ops().beginDrain();
    }

    /**
     * Refuses what is new, waits for requests under way, says goodbye to sockets, closes. Called once.
     *
     * @param within for requests under way; then they are interrupted
     */
    public void close(Duration within) throws InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        beginDrain();
        if (!admission.drain(within)) {
            log.warn("{} requests were under way for longer than {} and are cut off", admission.underWay(), within);
        }
        // Over is not yet written.
        watch.awaitAnswers(Duration.ofNanos(end - System.nanoTime()));
        sayGoodbye();
        watch.close();
        listening.stop();
    }

    private void sayGoodbye() throws InterruptedException {
        sockets.forEach(socket -> socket.close(WebSocketFrames.GOING_AWAY, "the hub stops"));
        long end = System.nanoTime() + GOODBYE.toNanos();
        for (WebSocketConnection each : sockets) {
            each.awaitWritten(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
    }

    private WebServer server(WebSocketDoor sockets, int port) {
        GatewaySettings.Bounds bounds = settings.bounds();
        var http = Http1ConnectionSelector.builder()
                .config(Http1Config.builder()
                        .maxHeadersSize(32 * 1024)
                        .maxPrologueLength(8 * 1024)
                        .receiveLog(false)
                        .sendLog(false)
                        .build())
                // The server compares with the client's spelling, which is free.
                .putUpgrader("websocket", sockets)
                .putUpgrader("WebSocket", sockets)
                .putUpgrader("WEBSOCKET", sockets)
                .build();
        var builder = WebServer.builder();
        encryption.ifPresent(builder::tls);
        return builder.host(settings.host())
                .port(port)
                .shutdownHook(false)
                .featuresDiscoverServices(false)
                .protocolsDiscoverServices(false)
                .mediaContext(MediaContext.builder()
                        .mediaSupportsDiscoverServices(false)
                        .build())
                .contentEncoding(ContentEncodingContext.builder()
                        .contentEncodingsDiscoverServices(false)
                        .build())
                .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
                .addConnectionSelector(watch.guarded(http))
                .maxTcpConnections(connectionsMax(bounds.connections()))
                .maxPayloadSize(Guard.RAW_BYTES_MAX)
                .shutdownGracePeriod(Duration.ofMillis(200))
                .directHandlers(plainErrors())
                .routing(HttpRouting.builder().any(this::handle))
                .build();
    }

    private void handle(ServerRequest request, ServerResponse response) {
        Guard guard = watch.current();
        var exchange = new HttpExchange(request, response, guard, visitors, failPoints);
        if (!request.content().hasEntity()) {
            guard.requestRead();
        }
        try {
            handle(exchange);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("stopped");
        } catch (RequestException | CloseConnectionException expected) {
            throw expected;
        } catch (DataReader.InsufficientDataAvailableException hungUp) {
            throw new CloseConnectionException("the client hung up in the middle of its request", hungUp);
        } catch (RuntimeException failure) {
            if (failure.getCause() instanceof SocketException) {
                throw new CloseConnectionException("the connection broke off before the answer", failure);
            }
            String reference = failures.reference();
            log.error("{} {} failed, reference {}", exchange.method(), exchange.path(), reference, failure);
            if (exchange.isBegun()) {
                throw new CloseConnectionException("its answer broke off, reference " + reference, failure);
            }
            exchange.error(500, "internal error, reference " + reference);
        } finally {
            guard.requestDone();
        }
    }

    private void handle(HttpExchange exchange) throws InterruptedException {
        switch (exchange.path()) {
            case "/rpc" -> rpc.handle(exchange);
            case WebSocketDoor.PATH -> exchange.with("Upgrade", "websocket").error(426, "open a WebSocket here");
            default -> {
                boolean answered = rooms.ops().handle(exchange, load())
                        || files.handle(exchange)
                        || (openAi.isPresent() && openAi.get().handle(exchange))
                        || channels.handle(exchange);
                if (!answered) {
                    exchange.error(404, "there is nothing here");
                }
            }
        }
    }

    private Map<String, Object> load() {
        return Map.of(
                "connections", watch.open(),
                "ws_connections", sockets.size(),
                "requests_under_way", admission.underWay());
    }

    /** What the server refuses by itself: without the words that came, and as JSON like everything else. */
    private static DirectHandlers plainErrors() {
        DirectHandler handler = (request, type, status, headers, message) -> {
            var all = ServerResponseHeaders.create(headers);
            all.set(HeaderValues.create(HeaderNames.CONTENT_TYPE, "application/json"));
            SecurityHeaders.ALL.forEach((name, value) -> all.set(HeaderValues.create(name, value)));
            if (status.code() == 401) {
                all.set(HeaderValues.create(HeaderNames.WWW_AUTHENTICATE, "Bearer"));
            } else if (status.code() == 429 || status.code() == 503) {
                all.set(HeaderValues.create(HeaderNames.RETRY_AFTER, "1"));
            } else if (status.code() == 426) {
                all.set(HeaderValues.create("Sec-WebSocket-Version", "13"));
            }
            byte[] body = ("{\"error\":\"" + status.reasonPhrase() + "\"}").getBytes(StandardCharsets.US_ASCII);
            return DirectHandler.TransportResponse.builder()
                    .status(status)
                    .headers(all)
                    .keepAlive(false)
                    .entity(body)
                    .build();
        };
        var handlers = DirectHandlers.builder();
        for (DirectHandler.EventType each : DirectHandler.EventType.values()) {
            handlers.addHandler(each, handler);
        }
        return handlers.build();
    }

    private static int connectionsMax(int wanted) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.UnixOperatingSystemMXBean unix) {
            long files = unix.getMaxFileDescriptorCount() - FILES_KEPT;
            return (int) Math.max(16, Math.min(wanted, files));
        }
        return wanted;
    }

    /**
     * Finds out whether the port can be had, before anything else of the hub begins; the server itself does not say why it
     * could not start.
     *
     * @throws IOException if not; the message names host and port
     */
    public static void checkFree(GatewaySettings settings) throws IOException {
        try (var probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getByName(settings.host()), settings.port()));
        } catch (IOException taken) {
            throw new IOException(
                    "cannot listen on " + settings.host() + ":" + settings.port() + ": " + taken.getMessage(), taken);
        }
    }
}
