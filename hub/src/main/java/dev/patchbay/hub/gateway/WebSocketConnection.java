package dev.patchbay.hub.gateway;

import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.gateway.rpc.Caller;
import dev.patchbay.hub.gateway.rpc.EventStream;
import dev.patchbay.hub.gateway.rpc.RpcAnswer;
import dev.patchbay.hub.gateway.rpc.RpcClient;
import dev.patchbay.hub.gateway.rpc.RpcEngine;
import dev.patchbay.hub.lane.Lanes;
import dev.patchbay.hub.lane.Origin;
import dev.patchbay.hub.memory.ByteBudget;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One open socket: its thread reads, each request runs on its own, one more writes while there is something to write. An idle
 * socket holds one parked thread and no buffers of ours.
 */
final class WebSocketConnection implements ServerConnection, EventStream {
    private static final long REPLAY_AHEAD_BYTES = 1 << 20;
    private static final long SHED_BYTES = 1 << 20;
    private static final byte[] NOTHING = {};

    private final Guard guard;
    private final Sockets sockets;
    private final Outbox outbox;
    private final WebSocketFrames frames;
    private final RpcClient client;
    private final RequestRoom room;
    private final Object origin = new Object();
    private final CloseActions onClose = new CloseActions();
    private volatile @Nullable Thread thread;
    private volatile boolean full;
    private volatile long seen;
    private volatile long pinged;
    private volatile long messageSince;
    private volatile long closingSince;

    /** What all sockets share. */
    record Sockets(
            RpcEngine engine,
            ConnectionWatch watch,
            GatewaySettings settings,
            Executor threads,
            FailPoints failPoints,
            Set<WebSocketConnection> open) {}

    WebSocketConnection(Guard guard, Caller caller, String limitKey, boolean loopback, Sockets sockets) {
        this.guard = guard;
        this.sockets = sockets;
        GatewaySettings.Bounds bounds = sockets.settings().bounds();
        outbox = new Outbox(
                guard.dataWriter(), sockets.threads(), bounds.pileUpBytes(), sockets.failPoints(), guard::cut);
        frames = new WebSocketFrames(guard.dataReader(), sockets.watch().budget(), this::frameBegun);
        room = new RequestRoom(bounds.requestsPerSocket(), sockets.engine()::isCrowded);
        client = new RpcClient(
                caller,
                limitKey,
                loopback,
                new Lanes<>(sockets.threads(), bounds.requestsPerSocket()),
                Optional.of(this));
        seen = sockets.watch().now();
        pinged = seen;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        thread = Thread.currentThread();
        sockets.open().add(this);
        try {
            Origin.<WebSocketFrames.Broken, InterruptedException>doAs(origin, this::readAll);
        } catch (WebSocketFrames.Broken broken) {
            close(broken.code(), String.valueOf(broken.getMessage()));
            skipToEnd();
        } catch (CloseConnectionException | DataReader.InsufficientDataAvailableException | UncheckedIOException gone) {
            // Closed by the peer, the watch or the network: all the same from here.
        } finally {
            sockets.open().remove(this);
            frames.end();
            outbox.end();
            onClose.run();
        }
    }

    private void readAll() throws WebSocketFrames.Broken, InterruptedException {
        while (true) {
            WebSocketFrames.Incoming incoming = frames.next();
            seen = sockets.watch().now();
            if (!frames.isInMessage()) {
                messageSince = 0;
            }
            switch (incoming.kind()) {
                case WebSocketFrames.TEXT -> request(incoming.payload());
                case WebSocketFrames.PING -> outbox.control(WebSocketFrames.PONG, incoming.payload());
                case WebSocketFrames.CLOSE -> {
                    answerClose(incoming.closeCode());
                    return;
                }
                default -> {} // A pong: that it came is all we wanted.
            }
        }
    }

    private void request(byte[] text) throws InterruptedException {
        if (outbox.isClosing()) {
            return;
        }
        if (!room.tryEnter()) {
            // Not reading on pushes back on the client; its pings wait as well, so its silence says nothing.
            full = true;
            room.enter();
            seen = sockets.watch().now();
            full = false;
        }
        ByteBudget.Share memory = frames.handOver();
        sockets.engine().submit(text, client, answer -> {
            memory.close();
            answer(answer);
        });
        giveWay();
    }

    /** Virtual threads are not interrupted for others: one that finds enough to read would keep everybody waiting. */
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it but fairness
    private static void giveWay() {
        Thread.yield();
    }

    private void answer(RpcAnswer answer) {
        if (!answer.isNothing()) {
            outbox.text(answer.json());
        }
        room.leave();
    }

    private void answerClose(int code) throws InterruptedException {
        outbox.close(code, "");
        // The peer closes the connection once it has our answer; the watch does if it does not.
        closingSince = closingSince == 0 ? sockets.watch().now() : closingSince;
        outbox.awaitWritten(sockets.settings().bounds().linger());
    }

    /** Reads and forgets until the peer has taken note: closing at once would take the reason from its hands. */
    private void skipToEnd() {
        try {
            while (true) {
                guard.dataReader().ensureAvailable();
                guard.dataReader().skip(guard.dataReader().available());
            }
        } catch (CloseConnectionException | DataReader.InsufficientDataAvailableException | UncheckedIOException end) {
            // That is what we waited for.
        }
    }

    private void frameBegun() {
        if (messageSince == 0) {
            messageSince = sockets.watch().now();
        }
    }

    /** Called by the watch once a second. */
    void check(long now) {
        GatewaySettings.Bounds bounds = sockets.settings().bounds();
        long closing = closingSince;
        if (closing == 0 && outbox.isClosing()) {
            closingSince = now;
        } else if (closing != 0) {
            if (now - closing > bounds.linger().toNanos()) {
                guard.cut();
            }
        } else if (full) {
            return;
        } else if (now - seen > bounds.silence().toNanos()) {
            guard.cut();
        } else if (messageSince != 0
                && now - messageSince > sockets.settings().readTimeout().toNanos()) {
            close(WebSocketFrames.TOO_SLOW, "the message took too long");
        } else if (now - seen > bounds.pingEvery().toNanos()
                && now - pinged > bounds.pingEvery().toNanos()) {
            pinged = now;
            outbox.control(WebSocketFrames.PING, NOTHING);
        }
    }

    /** Memory is short: a reader that lets much pile up is given up. */
    void shed() {
        outbox.shed(SHED_BYTES);
    }

    /** Says the end, behind what waits to be written. */
    void close(int code, String reason) {
        outbox.close(code, reason);
    }

    /** Waits until all is written, the end included; gives up after a while. */
    void awaitWritten(Duration within) throws InterruptedException {
        outbox.awaitWritten(within);
    }

    @Override
    public boolean send(byte[] json) {
        return outbox.text(json);
    }

    @Override
    public boolean awaitRoom() throws InterruptedException {
        return outbox.awaitBelow(REPLAY_AHEAD_BYTES, sockets.settings().bounds().linger());
    }

    @Override
    public boolean isLasting() {
        return true;
    }

    @Override
    public void onClose(Runnable action) {
        onClose.add(action);
    }

    @Override
    public Duration idleTime() {
        // The watch knows better: a socket may be silent for days.
        return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
        guard.cut();
        Thread reading = thread;
        if (reading != null) {
            reading.interrupt();
        }
    }
}
