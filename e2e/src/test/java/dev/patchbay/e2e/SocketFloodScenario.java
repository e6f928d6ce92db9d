package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many clients that do nothing, some that vanish, some that never read. 2,000 sockets by default; {@code -Dpatchbay.sockets=10000} for
 * the whole number.
 */
class SocketFloodScenario {
    private static final int SOCKETS = Integer.getInteger("patchbay.sockets", 2_000);

    @TempDir
    Path folder;

    @Test
    void idleVanishedAndNeverReadingClientsLeaveTheHubHealthy() throws Exception {
        // Given
        List<Socket> idle = new ArrayList<>();
        try (HubProcess hub = HubProcess.start(folder, """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            """)) {
            Rpc rpc = hub.rpc();
            long before = Machine.residentKilobytes(hub.pid());

            // When
            idle.addAll(open(hub, SOCKETS));
            long with = Machine.residentKilobytes(hub.pid());
            Socket neverReads = upgrade(hub);
            neverReads.setSoTimeout(1);
            flood(neverReads);
            for (int i = 0; i < SOCKETS / 2; i++) {
                // Gone without a word: no close frame, the connection reset.
                idle.get(i).setSoLinger(true, 0);
                idle.get(i).close();
            }

            // Then
            assertThat(rpc.call("chat.send", "text", "still here").path("text").asText())
                    .isEqualTo("still here");
            // A part that is asked in the middle of it may be late.
            Bounded.until(Duration.ofSeconds(20), () -> rpc.get("/health").statusCode() == 200);
            Bounded.until(Duration.ofSeconds(60), () -> connections(rpc) <= SOCKETS / 2 + 1);
            System.out.println(
                    "sockets: " + SOCKETS + " idle, resident " + before / 1024 + " -> " + with / 1024 + " MB");
            assertThat(Machine.residentKilobytes(hub.pid()))
                    .as("resident KB stays bounded")
                    .isLessThan(1_500_000);
        } finally {
            for (Socket each : idle) {
                each.close();
            }
        }
    }

    /** Asks for large answers and reads none of them. */
    private static void flood(Socket socket) throws IOException {
        String text = "x".repeat(1_000_000);
        for (int i = 0; i < 30; i++) {
            String call = Json.write(java.util.Map.of(
                    "jsonrpc", "2.0", "id", i, "method", "chat.send", "params", java.util.Map.of("text", text)));
            try {
                frame(socket, call);
            } catch (IOException closedByTheHub) {
                return;
            }
        }
    }

    private static List<Socket> open(HubProcess hub, int count) throws Exception {
        var sockets = new ArrayList<Socket>();
        var failed = new AtomicInteger();
        var gate = new Semaphore(64);
        try (var openers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                gate.acquire();
                var unused = openers.submit(() -> {
                    try {
                        Socket socket = upgrade(hub);
                        synchronized (sockets) {
                            sockets.add(socket);
                        }
                    } catch (IOException refused) {
                        failed.incrementAndGet();
                    } finally {
                        gate.release();
                    }
                });
            }
        }
        assertThat(failed).as("refused upgrades").hasValue(0);
        return sockets;
    }

    static Socket upgrade(HubProcess hub) throws IOException {
        URI uri = URI.create(hub.url());
        var socket = new Socket(uri.getHost(), uri.getPort());
        socket.getOutputStream()
                .write(("GET /ws HTTP/1.1\r\nHost: " + uri.getHost() + ":" + uri.getPort()
                                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: " + Base64.getEncoder().encodeToString(new byte[16])
                                + "\r\nAuthorization: Bearer " + hub.token() + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed while upgrading: " + head);
            }
            head.append((char) next);
        }
        if (!head.toString().startsWith("HTTP/1.1 101")) {
            throw new IOException("not upgraded: " + head);
        }
        return socket;
    }

    private static void frame(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(frame(text));
        socket.getOutputStream().flush();
    }

    static byte[] frame(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        // A mask of zeros is a mask: the payload may stay as it is.
        return ByteBuffer.allocate(payload.length + 14)
                .put((byte) 0x81)
                .put((byte) (0x80 | 127))
                .putLong(payload.length)
                .putInt(0)
                .put(payload)
                .array();
    }

    private static int connections(Rpc rpc) throws Exception {
        return rpc.get("/metrics", "Authorization", "Bearer " + rpc.token())
                .body()
                .lines()
                .filter(line -> line.startsWith("patchbay_ws_connections"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .map(Double::parseDouble)
                .map(Double::intValue)
                .findFirst()
                .orElse(Integer.MAX_VALUE);
    }
}
