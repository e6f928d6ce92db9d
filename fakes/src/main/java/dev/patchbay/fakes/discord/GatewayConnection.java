package dev.patchbay.fakes.discord;

import dev.patchbay.fakes.http.FakeServer;
import dev.patchbay.fakes.http.Takeover;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** One WebSocket of a bot. Reads on the connection's own thread, writes on another, so that nobody who sends ever waits. */
final class GatewayConnection implements Takeover {
    private static final int OUTGOING_MAX = 100_000;
    private static final int NO_CODE = 1006;
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);
    private static final byte[] END = new byte[0];

    private final GatewayDesk gateway;
    private final Duration silenceMax;
    private final BlockingQueue<byte[]> outgoing = new LinkedBlockingQueue<>(OUTGOING_MAX);
    private volatile @Nullable Socket socket;
    private volatile boolean isClosing;
    private volatile boolean isMute;

    // Under the world's lock.
    @Nullable
    GatewaySession session;

    /** @param silenceMax a client that says nothing for so long is closed with 4009 */
    GatewayConnection(GatewayDesk gateway, Duration silenceMax) {
        this.gateway = gateway;
        this.silenceMax = silenceMax;
    }

    /** Queues a frame. A client that does not read is cut off once too much waits for it. */
    void send(byte[] frame) {
        if (!isMute && !isClosing && !outgoing.offer(frame)) {
            drop();
        }
    }

    /** Says that it closes, and says nothing more. */
    void close(int code, String reason) {
        send(WebSocketFrame.close(code, reason));
        isClosing = true;
        bound(CLOSE_BOUND);
    }

    /** From now on nothing is sent, neither events nor acknowledgements; the connection stays. */
    void mute() {
        isMute = true;
    }

    boolean isClosing() {
        return isClosing;
    }

    /** Ends without a word. */
    void drop() {
        Socket open = socket;
        if (open != null) {
            FakeServer.reset(open);
        }
    }

    @Override
    public void run(Socket with, InputStream in) throws IOException, InterruptedException {
        socket = with;
        bound(silenceMax);
        Thread writer = Thread.ofVirtual().name("fake-gateway-writer").start(() -> write(with));
        int code = NO_CODE;
        try {
            gateway.opened(this);
            code = listen(in);
        } finally {
            gateway.gone(this, code);
            try {
                boolean isQueued = outgoing.offer(END);
                if (isQueued) {
                    writer.join(CLOSE_BOUND);
                }
            } finally {
                writer.interrupt();
            }
        }
    }

    private int listen(InputStream in) throws IOException {
        var message = new ByteArrayOutputStream();
        while (true) {
            WebSocketFrame frame;
            try {
                frame = WebSocketFrame.read(in);
            } catch (SocketTimeoutException silence) {
                if (isClosing) {
                    return NO_CODE;
                }
                gateway.timedOut(this);
                continue;
            }
            switch (frame.opcode()) {
                case WebSocketFrame.CLOSE -> {
                    send(WebSocketFrame.bytes(WebSocketFrame.CLOSE, frame.payload()));
                    return frame.closeCode();
                }
                case WebSocketFrame.PING -> send(WebSocketFrame.bytes(WebSocketFrame.PONG, frame.payload()));
                case WebSocketFrame.PONG -> {}
                default -> {
                    message.write(frame.payload());
                    if (message.size() > GatewayDesk.PAYLOAD_BYTES_MAX) {
                        close(4002, "Payload exceeds max size.");
                    } else if (frame.isLast()) {
                        gateway.received(this, message.toByteArray());
                    }
                    if (frame.isLast()) {
                        message.reset();
                    }
                }
            }
        }
    }

    private void write(Socket to) {
        try {
            var out = to.getOutputStream();
            for (byte[] frame = outgoing.take(); frame.length > 0; frame = outgoing.take()) {
                out.write(frame);
                out.flush();
            }
        } catch (IOException gone) {
            // The reader notices too, and tells.
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void bound(Duration silence) {
        Socket open = socket;
        try {
            if (open != null) {
                open.setSoTimeout((int) silence.toMillis());
            }
        } catch (IOException gone) {
            // The reader notices too.
        }
    }
}
