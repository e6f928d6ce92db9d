package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** A client that is gone when its answer comes is everyday life, not an error of the hub. */
@Timeout(60)
@Isolated("it listens to a logger that others write to")
class HangUpTest {
    private static final String BODY = "{\"jsonrpc\":\"2.0\",\"method\":\"slow\",\"id\":1}";

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Gateway.class);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
    }

    @Test
    void whoIsGoneWhenTheAnswerComesLeavesNoErrorInTheLog() throws Exception {
        // Given
        RpcMethod slow = RpcMethod.named("slow", Access.CHAT, "Answers when its caller is gone.")
                .harmless()
                .by(call -> {
                    begun.countDown();
                    assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
                    return json -> json.writeString("x".repeat(1_000_000));
                });
        try (TestGateway hub = TestGateway.with(slow)) {
            // When
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), hub.port())) {
                socket.getOutputStream()
                        .write(("POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                        + "Authorization: Bearer " + TestGateway.CHAT + "\r\nContent-Length: "
                                        + BODY.length() + "\r\n\r\n" + BODY)
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
                // Its end is a reset.
                socket.setSoLinger(true, 0);
            }
            gone.countDown();
        }

        // Then
        assertThat(lines.list)
                .filteredOn(line -> line.getLevel() == Level.ERROR)
                .isEmpty();
    }
}
