package dev.patchbay.hub.gateway;

import dev.patchbay.hub.gateway.rpc.Caller;
import dev.patchbay.hub.gateway.rpc.RpcException;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets clients in at {@code GET /ws}: checks page, token and handshake, then turns the connection into a socket. */
final class WebSocketDoor implements Http1Upgrader {
    static final String PATH = "/ws";
    private static final String SUBPROTOCOL = "patchbay.v1";
    private static final String BEARER = "bearer.";
    private static final HeaderName KEY = HeaderNames.create("Sec-WebSocket-Key");
    private static final HeaderName VERSION = HeaderNames.create("Sec-WebSocket-Version");
    private static final HeaderName PROTOCOL = HeaderNames.create("Sec-WebSocket-Protocol");
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final Visitors visitors;
    private final WebSocketConnection.Sockets sockets;

    WebSocketDoor(Visitors visitors, WebSocketConnection.Sockets sockets) {
        this.visitors = visitors;
        this.sockets = sockets;
    }

    @Override
    public String supportedProtocol() {
        return "websocket";
    }

    @Override
    public @Nullable ServerConnection upgrade(
            ConnectionContext connection, HttpPrologue prologue, WritableHeaders<?> headers) {
        if (!prologue.uriPath().path().equals(PATH)) {
            return null;
        }
        Guard guard = (Guard) connection;
        Optional<String> key = headers.first(KEY);
        if (!prologue.method().text().equals("GET") || !isKey(key)) {
            throw refused(Status.BAD_REQUEST_400);
        }
        if (!headers.first(VERSION).filter("13"::equals).isPresent()) {
            throw refused(Status.create(426, "Upgrade Required"));
        }
        if (!visitors.isWelcome(
                headers.first(HeaderNames.ORIGIN), connection.localPeer().host())) {
            throw refused(Status.FORBIDDEN_403);
        }
        Caller caller = caller(headers);
        if (caller.isAnonymous()) {
            throw refused(Status.UNAUTHORIZED_401);
        }
        String host = connection.remotePeer().host();
        String limitKey = Visitors.limitKey(caller, host);
        boolean loopback = Visitors.isLoopback(host);
        try {
            visitors.checkRate(limitKey, loopback);
        } catch (RpcException tooMany) {
            throw refused(Status.TOO_MANY_REQUESTS_429);
        }
        if (visitors.isDraining()) {
            throw refused(Status.SERVICE_UNAVAILABLE_503);
        }
        var socket = new WebSocketConnection(guard, caller, limitKey, loopback, sockets);
        guard.dataWriter().writeNow(BufferData.create(accepted(key.orElseThrow(), offered(headers))));
        guard.upgraded(socket);
        return socket;
    }

    private Caller caller(Headers headers) {
        Caller byHeader = visitors.callerOf(headers.first(HeaderNames.AUTHORIZATION));
        if (!byHeader.isAnonymous()) {
            return byHeader;
        }
        List<String> offered = offered(headers);
        if (!offered.contains(SUBPROTOCOL)) {
            // A browser closes a socket whose server agreed to none of the subprotocols it offered.
            return Caller.ANONYMOUS;
        }
        return offered.stream()
                .filter(each -> each.startsWith(BEARER))
                .findFirst()
                .map(each -> visitors.callerOfSecret(each.substring(BEARER.length())))
                .orElse(Caller.ANONYMOUS);
    }

    private static List<String> offered(Headers headers) {
        return headers.all(PROTOCOL, List::of).stream()
                .flatMap(each -> Arrays.stream(each.split(",", -1)))
                .map(String::strip)
                .toList();
    }

    private static boolean isKey(Optional<String> key) {
        try {
            return key.isPresent() && Base64.getDecoder().decode(key.get().strip()).length == 16;
        } catch (IllegalArgumentException noBase64) {
            return false;
        }
    }

    private static byte[] accepted(String key, List<String> offered) {
        var answer = new StringBuilder(
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
                .append("Sec-WebSocket-Accept: ")
                .append(hash(key.strip()))
                .append("\r\n");
        if (offered.contains(SUBPROTOCOL)) {
            answer.append("Sec-WebSocket-Protocol: ").append(SUBPROTOCOL).append("\r\n");
        }
        return answer.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String hash(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static RequestException refused(Status status) {
        return RequestException.builder()
                .type(DirectHandler.EventType.OTHER)
                .status(status)
                .setKeepAlive(false)
                .message(status.reasonPhrase())
                .build();
    }
}
