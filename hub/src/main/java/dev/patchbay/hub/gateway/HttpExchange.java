package dev.patchbay.hub.gateway;

import dev.patchbay.hub.failpoint.FailPoint;
import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.Caller;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcLimits;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One HTTP request and its answer, with what all doors do alike. For the request's thread. */
final class HttpExchange {
    private static final int PIECE = 8 * 1024;

    /** A long body waits so long for room before it is refused. */
    private static final Duration ROOM_WAIT = Duration.ofSeconds(1);

    private final ServerRequest request;
    private final ServerResponse response;
    private final Guard guard;
    private final Visitors visitors;
    private final FailPoints failPoints;
    private boolean isStreaming;

    /** The body is longer than it may be. What came of it has been read and forgotten, so that the client reads the answer. */
    static final class TooLong extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** There is no memory for so long a body at the moment. It has been read and forgotten, too. */
    static final class NoRoom extends Exception {
        private static final long serialVersionUID = 1L;
        static final String REASON = "too many long requests at once; nothing was done, try again";
        static final int RETRY_SECONDS = 1;
    }

    HttpExchange(
            ServerRequest request, ServerResponse response, Guard guard, Visitors visitors, FailPoints failPoints) {
        this.request = request;
        this.response = response;
        this.guard = guard;
        this.visitors = visitors;
        this.failPoints = failPoints;
    }

    String method() {
        return request.prologue().method().text();
    }

    /** The decoded path, always with a slash in front. */
    String path() {
        return request.path().path();
    }

    boolean isRead() {
        return method().equals("GET") || method().equals("HEAD");
    }

    Optional<String> header(String name) {
        return request.headers().first(HeaderNames.create(name));
    }

    Map<String, List<String>> headers() {
        var headers = new TreeMap<String, List<String>>();
        request.headers().forEach(each -> headers.put(each.headerName().lowerCase(), each.allValues()));
        return headers;
    }

    Caller caller() {
        return visitors.callerOf(request.headers().first(HeaderNames.AUTHORIZATION));
    }

    String remoteHost() {
        return request.remotePeer().host();
    }

    /** Host and port that the client has reached us at. */
    String localAddress() {
        return request.localPeer().host() + ":" + request.localPeer().port();
    }

    /** A value of the query, decoded; the first if there are several. */
    Optional<String> query(String name) {
        return request.query().first(name).asOptional();
    }

    /** What is said of the body's length; empty if nothing is. */
    OptionalLong announcedBytes() {
        return request.headers().contentLength();
    }

    /** Reads the body piece by piece, without a limit but the guard's; what is left over is read and forgotten. */
    <T extends @Nullable Object, E extends Exception> T streamed(Reading<T, E> reading) throws E, InterruptedException {
        if (!request.content().hasEntity()) {
            guard.requestRead();
            return reading.of(InputStream.nullInputStream());
        }
        try (InputStream in = request.content().inputStream()) {
            try {
                return reading.of(in);
            } finally {
                forgetRest(in);
                guard.requestRead();
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Somebody who reads a body. */
    interface Reading<T extends @Nullable Object, E extends Exception> {
        T of(InputStream body) throws E, InterruptedException;
    }

    /** So that the client comes to read the answer; the guard bounds bytes and time. */
    private static void forgetRest(InputStream in) throws IOException {
        var piece = new byte[PIECE];
        while (in.read(piece) >= 0) {
            // Forgotten.
        }
    }

    /** Reads the whole body. */
    byte[] body(int bytesMax) throws TooLong, NoRoom, InterruptedException {
        if (!request.content().hasEntity()) {
            guard.requestRead();
            return new byte[0];
        }
        long announced = request.headers().contentLength().orElse(0);
        boolean tooLong = announced > bytesMax;
        boolean hasRoom = !tooLong && guard.memory().grow(announced, ROOM_WAIT);
        if (!hasRoom && request.headers().contains(HeaderValues.EXPECT_100)) {
            // It has not begun to send: it need not.
            response.header(HeaderValues.CONNECTION_CLOSE);
            guard.requestRead();
            throw refusal(tooLong);
        }
        try (InputStream in = request.content().inputStream()) {
            try {
                if (hasRoom) {
                    return announced > 0 ? whole(in, (int) announced) : growing(in, bytesMax);
                }
                forgetRest(in);
            } finally {
                guard.requestRead();
            }
            throw refusal(tooLong);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static NoRoom refusal(boolean tooLong) throws TooLong {
        if (tooLong) {
            throw new TooLong();
        }
        return new NoRoom();
    }

    private static byte[] whole(InputStream in, int bytes) throws IOException {
        var body = new byte[bytes];
        int count = in.readNBytes(body, 0, bytes);
        return count == bytes ? body : Arrays.copyOf(body, count);
    }

    /** Reads a body of unknown length; asks for memory each time it becomes twice as long. */
    private byte[] growing(InputStream in, int bytesMax) throws IOException, TooLong, NoRoom, InterruptedException {
        var body = new byte[PIECE];
        int length = 0;
        while (true) {
            int count = in.readNBytes(body, length, body.length - length);
            length += count;
            if (length < body.length) {
                return Arrays.copyOf(body, length);
            }
            if (length > bytesMax) {
                forgetRest(in);
                throw new TooLong();
            }
            int more = Math.min(body.length * 2, bytesMax + 1);
            if (!guard.memory().grow(more, ROOM_WAIT)) {
                forgetRest(in);
                throw new NoRoom();
            }
            body = Arrays.copyOf(body, more);
        }
    }

    /** Work that may be refused before it begins. */
    interface Work {
        void run() throws InterruptedException;
    }

    /** Does something unless the client or all together ask for too much; then the refusal has been sent. */
    void admitted(Caller caller, Work work) throws InterruptedException {
        admitted(caller, work, refused -> retryAfter(refused)
                .error(
                        refused.code() == ErrorCode.RATE_LIMITED ? 429 : 503,
                        String.valueOf(refused.data().get("reason"))));
    }

    /** Likewise, for those who word the refusal themselves. */
    void admitted(Caller caller, Work work, Consumer<RpcException> refusal) throws InterruptedException {
        String host = remoteHost();
        try {
            visitors.admission().admit(Visitors.limitKey(caller, host), Visitors.isLoopback(host), 1);
        } catch (RpcException refused) {
            refusal.accept(refused);
            return;
        }
        try {
            work.run();
        } finally {
            visitors.admission().done(1);
        }
    }

    /** True if the caller's token suffices for one of them; else the refusal has been sent. */
    boolean permits(Access access, Access... orElse) {
        Caller caller = caller();
        if (caller.may(access) || Arrays.stream(orElse).anyMatch(caller::may)) {
            return true;
        }
        if (caller.isAnonymous()) {
            response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
            error(401, "a valid token is needed: Authorization: Bearer TOKEN");
        } else {
            error(403, "the token lacks scope " + access.word());
        }
        return false;
    }

    /** Says when to try again: as the refusal does, else after five seconds. */
    HttpExchange retryAfter(RpcException refused) {
        long millis = refused.data().get("retry_after_ms") instanceof Number number ? number.longValue() : 5_000;
        return with("Retry-After", Long.toString(Math.ceilDiv(millis, 1_000)));
    }

    /** Runs once if the client hangs up before its answer is out, or later: then it must do nothing. Must not block. */
    void whenGone(Runnable action) {
        guard.whenGone(action);
    }

    HttpExchange with(String header, String value) {
        response.header(HeaderNames.create(header), value);
        return this;
    }

    void error(int status, String message) {
        json(status, out -> {
            out.writeStartObject();
            out.writeStringField("error", message);
            out.writeEndObject();
        });
    }

    void notAllowed(String allowed) {
        with("Allow", allowed).error(405, "only " + allowed + " here");
    }

    void json(int status, RpcResult body) {
        send(status, "application/json", Json.bytes(body));
    }

    void send(int status, String contentType, byte[] body) {
        begin(status, contentType);
        reach(Place.HTTP_BEFORE_ANSWER);
        if (method().equals("HEAD")) {
            response.send();
        } else {
            response.send(body);
        }
        reach(Place.HTTP_AFTER_ANSWER);
    }

    /** An answer without a body. */
    void nothing(int status) {
        nothing(status, null);
    }

    /** An answer to HEAD: what would come, without the body. */
    void nothing(int status, @Nullable String contentType) {
        begin(status, contentType);
        reach(Place.HTTP_BEFORE_ANSWER);
        response.send();
        reach(Place.HTTP_AFTER_ANSWER);
    }

    /** For those who write, or hand on, what the exchange itself does not. */
    void reach(FailPoint point) {
        failPoints.reach(point);
    }

    /** For an answer that comes piece by piece. To be closed. */
    OutputStream stream(int status, String contentType) {
        ServerResponse begun = begin(status, contentType);
        isStreaming = true;
        return begun.outputStream();
    }

    /** A part of the answer may be out: what goes wrong now can only be shown by hanging up. */
    boolean isBegun() {
        return isStreaming || response.isSent();
    }

    private ServerResponse begin(int status, @Nullable String contentType) {
        response.status(Status.create(status));
        if (contentType != null) {
            response.header(HeaderNames.CONTENT_TYPE, contentType);
        }
        for (Map.Entry<String, String> each : SecurityHeaders.ALL.entrySet()) {
            if (!response.headers().contains(HeaderNames.create(each.getKey()))) {
                response.header(HeaderNames.create(each.getKey()), each.getValue());
            }
        }
        return response;
    }

    /** The usual limit on bodies. */
    byte[] body() throws TooLong, NoRoom, InterruptedException {
        return body(RpcLimits.BODY_BYTES);
    }
}
