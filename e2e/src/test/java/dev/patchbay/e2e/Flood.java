package dev.patchbay.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A client that calls over sockets as fast as the hub lets it, reads nothing, and comes back when it is closed. */
final class Flood implements SteadyTraffic.Disturbance {
    private static final int SOCKETS = 4;
    private static final int SESSIONS = 100;

    private final HubProcess hub;
    private final AtomicInteger written = new AtomicInteger();
    private final List<Socket> open = Collections.synchronizedList(new ArrayList<>());
    /** Made once: a flood comes from elsewhere, its making must not cost this machine what is missing to the others. */
    private final byte[] volley = volley();

    private final Busy busy;

    Flood(HubProcess hub) {
        this.hub = hub;
        this.busy = new Busy(Collections.nCopies(SOCKETS, this::flood), Duration.ofSeconds(2));
    }

    int written() {
        return written.get();
    }

    @Override
    public void begin() {
        busy.begin();
    }

    @Override
    public void end() throws Exception {
        Thread closing = Thread.ofVirtual().start(() -> {
            // A write into a full socket ends when somebody closes it; those that come after find that all is over.
            for (int i = 0; i < 100; i++) {
                List.copyOf(open).forEach(Flood::close);
                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            }
        });
        busy.end();
        closing.join();
    }

    private void flood() throws Exception {
        try (Socket socket = SocketFloodScenario.upgrade(hub)) {
            open.add(socket);
            for (int i = 0; i < 1_000; i++) {
                socket.getOutputStream().write(volley);
                written.addAndGet(SESSIONS);
            }
        } catch (IOException closedByTheHub) {
            Bounded.pass(Duration.ofMillis(10));
        } finally {
            open.removeIf(Socket::isClosed);
        }
    }

    private static byte[] volley() {
        var calls = new ByteArrayOutputStream();
        for (int i = 0; i < SESSIONS; i++) {
            calls.writeBytes(SocketFloodScenario.frame(Json.write(Map.of(
                    "jsonrpc",
                    "2.0",
                    "id",
                    i,
                    "method",
                    "chat.send",
                    "params",
                    Map.of("text", "flood", "session_key", "agent:main:direct:flood-" + i)))));
        }
        return calls.toByteArray();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            // That is what was wanted.
        }
    }
}
