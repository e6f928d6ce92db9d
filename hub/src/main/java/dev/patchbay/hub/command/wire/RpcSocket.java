package dev.patchbay.hub.command.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One WebSocket to the hub: requests go out, answers and events come in. Requests may be sent by several threads. */
public final class RpcSocket implements AutoCloseable {
    /** A longer message closes the socket. */
    private static final int MESSAGE_CHARS_MAX = 32 << 20;

    private static final int SEND_SECONDS = 30;
    private static final int UNAUTHORISED = 401;
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http;
    private final WebSocket socket;
    private final HubAddress address;
    private final ReentrantLock sending = new ReentrantLock();

    /** Takes what comes in, one at a time and in order; the hub is held up until it returns. */
    public interface Incoming {
        /** Something happened: an event's {@code params}. */
        void event(JsonNode params);

        void answer(long id, JsonNode result);

        void refusal(long id, RpcFailure why);

        /** Nothing more will come. Called once. */
        void gone();
    }

    private RpcSocket(HttpClient http, WebSocket socket, HubAddress address) {
        this.http = http;
        this.socket = socket;
        this.address = address;
    }

    /**
     * Connects; may take some seconds.
     *
     * @throws RpcFailure if the hub does not let this token in
     */
    public static RpcSocket open(HubAddress address, Incoming incoming)
            throws HubNotReached, RpcFailure, InterruptedException {
        HttpClient http = HttpClients.to(address);
        var builder = http.newWebSocketBuilder().connectTimeout(HttpClients.CONNECT_TIMEOUT);
        address.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
        try {
            WebSocket socket =
                    builder.buildAsync(address.socket(), new Reader(incoming)).get();
            return new RpcSocket(http, socket, address);
        } catch (ExecutionException failed) {
            http.shutdownNow();
            if (failed.getCause() instanceof WebSocketHandshakeException refused) {
                int status = refused.getResponse().statusCode();
                if (status == UNAUTHORISED) {
                    throw RpcFailure.unauthorised();
                }
                throw new HubNotReached("the hub at " + address + " refuses a WebSocket: HTTP " + status, refused);
            }
            throw failed.getCause() instanceof IOException trouble
                    ? HubNotReached.of(address, trouble)
                    : new HubNotReached("the hub at " + address + " is not reached", failed);
        }
    }

    /** Sends a request; its answer comes under the same id. */
    public void send(long id, String method, ObjectNode params) throws HubNotReached, InterruptedException {
        String text = text(JSON.createObjectNode()
                .put("jsonrpc", "2.0")
                .put("id", id)
                .put("method", method)
                .set("params", params));
        sending.lockInterruptibly();
        try {
            socket.sendText(text, true).get(SEND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException broken) {
            throw new HubNotReached("the connection to the hub at " + address + " broke", broken);
        } finally {
            sending.unlock();
        }
    }

    /** Says goodbye if that goes quickly, and closes. */
    @Override
    public void close() {
        try {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(1, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException gone) {
            // Then there is nobody to say goodbye to.
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        socket.abort();
        http.shutdownNow();
    }

    private static String text(JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Puts fragments together; asks for the next only when the last has been dealt with. */
    private static final class Reader implements WebSocket.Listener {
        private final Incoming incoming;
        private final StringBuilder message = new StringBuilder();
        private final AtomicBoolean isGone = new AtomicBoolean();

        private Reader(Incoming incoming) {
            this.incoming = incoming;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            message.append(data);
            if (message.length() > MESSAGE_CHARS_MAX) {
                socket.abort();
                gone();
                return null;
            }
            if (last) {
                String whole = message.toString();
                message.setLength(0);
                message.trimToSize();
                dispatch(whole);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            gone();
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            gone();
        }

        private void dispatch(String text) {
            JsonNode frame;
            try {
                frame = JSON.readTree(text);
            } catch (JsonProcessingException garbage) {
                return;
            }
            if ("event".equals(frame.path("method").asText())) {
                incoming.event(frame.path("params"));
            } else if (frame.path("error").isObject()) {
                incoming.refusal(frame.path("id").asLong(-1), RpcFailure.of(frame.path("error")));
            } else if (frame.has("result")) {
                incoming.answer(frame.path("id").asLong(-1), frame.path("result"));
            }
        }

        private void gone() {
            if (isGone.compareAndSet(false, true)) {
                incoming.gone();
            }
        }
    }
}
