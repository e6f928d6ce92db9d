package dev.patchbay.fakes.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One connection and what is done to it. Used by its own thread only. */
record Connection(Socket socket, BufferedInputStream in) {

    /** Treats one request; false if the connection has no future. */
    boolean play(Fault fault, Request request, Handler handler) throws IOException, InterruptedException {
        return switch (fault) {
            case Fault.None() -> answer(request, handled(request, handler));
            case Fault.Answer(Response response) -> answer(request, response);
            case Fault.Delay(var time, Fault then) -> {
                Thread.sleep(time);
                yield play(then, request, handler);
            }
            case Fault.Late(var time) -> {
                Response response = handled(request, handler);
                Thread.sleep(time);
                yield answer(request, response);
            }
            case Fault.Hang() -> hang();
            case Fault.HangAfter() -> {
                handled(request, handler);
                yield hang();
            }
            case Fault.ResetBefore() -> reset();
            case Fault.ResetAfter() -> {
                handled(request, handler);
                yield reset();
            }
            case Fault.Half() -> {
                Response whole = handled(request, handler);
                write(whole, request, whole.body().length() / 2);
                yield false;
            }
        };
    }

    private static Response handled(Request request, Handler handler) throws InterruptedException {
        try {
            return handler.handle(request);
        } catch (RuntimeException broken) {
            // A fake must never turn its own defect into a silent hang of the test.
            return Response.of(500, "text/plain", Body.of("the fake itself failed: " + broken));
        }
    }

    private boolean answer(Request request, Response response) throws IOException, InterruptedException {
        if (response.status() == 0) {
            return reset();
        }
        boolean isLast = request.headers().folded("connection").contains("close");
        write(response, request, response.body().length());
        Takeover then = response.then();
        if (then != null) {
            then.run(socket, in);
        }
        return then == null && !isLast;
    }

    private void write(Response response, Request request, int bodyBytes) throws IOException {
        var head = new StringBuilder("HTTP/1.1 ")
                .append(response.status())
                .append(' ')
                .append(reason(response.status()));
        response.headers()
                .forEach((name, value) ->
                        head.append("\r\n").append(name).append(": ").append(value));
        if (response.then() == null) {
            head.append("\r\nContent-Length: ").append(response.body().length());
            head.append("\r\nConnection: ")
                    .append(request.headers().folded("connection").contains("close") ? "close" : "keep-alive");
        }
        // In one piece, so that a client that gives up early never sees a head alone by chance.
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        bytes.write(response.body().shared(), 0, request.method().equals("HEAD") ? 0 : bodyBytes);
        OutputStream out = socket.getOutputStream();
        bytes.writeTo(out);
        out.flush();
    }

    private boolean hang() throws IOException {
        while (in.read() >= 0) {
            // What still comes is of no interest.
        }
        return false;
    }

    private boolean reset() {
        FakeServer.reset(socket);
        return false;
    }

    private static String reason(int status) {
        return switch (status) {
            case 101 -> "Switching Protocols";
            case 200 -> "OK";
            case 204 -> "No Content";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 409 -> "Conflict";
            case 413 -> "Request Entity Too Large";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            default -> "Status";
        };
    }
}
