package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub with few file handles: its own callbacks take them all, and a flood of clients wants the rest. */
class FileHandlesScenario {
    private static final int HANDLES = 260;
    private static final int PEERS = 300;

    @TempDir
    Path folder;

    @Test
    void withoutAHandleLeftNothingAcceptedIsLostAndItGoesOnWhenSomeAreFree() throws Exception {
        var mayAnswer = new CountDownLatch(1);
        try (CallbackServer callback = new CallbackServer();
                HubProcess hub = HubProcess.start(
                        folder,
                        yaml(callback),
                        List.of("sh", "-c", "ulimit -n " + HANDLES + " && exec \"$@\"", "sh"))) {
            // Given
            callback.answerWith(unused -> {
                try {
                    mayAnswer.await();
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
                return 200;
            });
            Rpc rpc = hub.rpc();

            // When
            var acknowledged = new TreeSet<String>();
            for (int i = 0; i < PEERS; i++) {
                if (isAccepted(rpc, "peer-" + i)) {
                    acknowledged.add("peer-" + i);
                }
            }
            List<Socket> flood = flood(hub);
            Bounded.pass(Duration.ofSeconds(3));
            Bounded.until(Duration.ofSeconds(60), () -> hub.log().contains("resource=files"));
            for (Socket each : flood) {
                each.close();
            }
            mayAnswer.countDown();

            // Then
            try {
                Bounded.until(Duration.ofSeconds(60), () -> isAccepted(rpc, "afterwards"));
            } catch (AssertionError stuck) {
                System.out.println(hub.log());
                throw stuck;
            }
            acknowledged.add("afterwards");
            Bounded.until(Duration.ofSeconds(90), () -> callback.received().stream()
                    .map(CallbackServer.Received::peer)
                    .collect(Collectors.toSet())
                    .containsAll(acknowledged));
            System.out.println("file handles: " + HANDLES + ", " + acknowledged.size() + " acknowledged, 0 lost, "
                    + hub.log()
                            .lines()
                            .filter(line -> line.contains("taking connections"))
                            .count()
                    + " times the listener was renewed, " + hub.log().lines().count() + " lines in the log");
            assertThat(hub.log()).contains("resource=files");
            assertThat(hub.log().lines().count()).isLessThan(500);
            assertThat(hub.terminate()).isZero();
        }
    }

    private static boolean isAccepted(Rpc rpc, String peer) throws InterruptedException {
        try {
            return rpc.post("/webhooks/default", Json.write(Map.of("text", "1", "peer", peer)), "webhook-id", peer)
                            .statusCode()
                    == 202;
        } catch (IOException notNow) {
            return false;
        }
    }

    private static List<Socket> flood(HubProcess hub) {
        URI uri = URI.create(hub.url());
        var sockets = new ArrayList<Socket>();
        for (int i = 0; i < HANDLES; i++) {
            try {
                sockets.add(new Socket(uri.getHost(), uri.getPort()));
            } catch (IOException refused) {
                // That is what a flood may meet.
            }
        }
        return sockets;
    }

    private static String yaml(CallbackServer callback) {
        return """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            agents: { main: { type: echo } }
            channels:
              webhook:
                allow-private: [127.0.0.0/8]
                accounts:
                  default: { verify: none, reply: queue, callback: { url: "%s", timeout: 30s } }
            delivery: { backoff: [200ms, 500ms, 2s, 5s], attempts: 20 }
            """.formatted(callback.url());
    }
}
