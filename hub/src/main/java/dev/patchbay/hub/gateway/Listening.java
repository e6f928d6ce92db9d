package dev.patchbay.hub.gateway;

import dev.patchbay.hub.metrics.Seldom;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server that takes connections, made anew when it has died: one accept that fails, for want of a file handle for instance, ends
 * its listener for ever, and it does not say so. Safe for many threads.
 */
final class Listening {
    private static final Logger log = LoggerFactory.getLogger(Listening.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final int CONNECT_MILLIS = 1_000;

    private final String host;
    private final IntFunction<WebServer> servers;
    private final Seldom told = new Seldom();
    private final ScheduledThreadPoolExecutor looks = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("listening").daemon().factory());
    private WebServer server;
    private boolean stopped;

    /**
     * Does not listen yet.
     *
     * @param servers makes one for a port, which is not started
     */
    Listening(String host, int port, IntFunction<WebServer> servers) {
        this.host = host;
        this.servers = servers;
        this.server = servers.apply(port);
    }

    /** Listens; false if that cannot be. */
    synchronized boolean start() {
        server.start();
        if (!server.isRunning()) {
            return false;
        }
        var unused = looks.scheduleWithFixedDelay(
                this::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return true;
    }

    synchronized int port() {
        return server.port();
    }

    synchronized void stop() {
        stopped = true;
        looks.shutdownNow();
        server.stop();
    }

    private void look() {
        try {
            if (isRefused(port())) {
                renew();
            }
        } catch (RuntimeException | Error notNow) {
            told.tell(more -> log.warn("The port cannot be listened on again yet{}: {}", more, String.valueOf(notNow)));
        }
    }

    /** Only a refusal says that nobody listens; that we lack a handle to ask, or that the queue is full, does not. */
    private boolean isRefused(int port) {
        try (var probe = new Socket()) {
            InetAddress address = InetAddress.getByName(host);
            probe.connect(
                    new InetSocketAddress(
                            address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address, port),
                    CONNECT_MILLIS);
            return false;
        } catch (ConnectException refused) {
            return true;
        } catch (IOException unknown) {
            return false;
        }
    }

    private synchronized void renew() {
        if (stopped) {
            return;
        }
        WebServer fresh = servers.apply(server.port());
        fresh.start();
        if (fresh.isRunning()) {
            server = fresh;
            log.error("The server had stopped taking connections, most likely for want of file handles; it does again");
        }
    }
}
