package dev.patchbay.fakes.http;

import java.time.Duration;

/** How one request is treated by the server. "Handled" means the handler ran, so the service remembers the request. */
public sealed interface Fault {
    /** Handled and answered as it should be. */
    record None() implements Fault {}

    /** Not handled; this is the answer. */
    record Answer(Response response) implements Fault {}

    /** Nothing for a while, then something else. */
    record Delay(Duration time, Fault then) implements Fault {}

    /** Handled at once, answered after a while. */
    record Late(Duration time) implements Fault {}

    /** Not handled, never answered; ends when the other side hangs up or the server closes. */
    record Hang() implements Fault {}

    /** Handled, but never answered. */
    record HangAfter() implements Fault {}

    /** Not handled; the connection is reset (RST). */
    record ResetBefore() implements Fault {}

    /** Handled; then the connection is reset (RST) instead of an answer. */
    record ResetAfter() implements Fault {}

    /** Handled; the head promises the whole body, half of it comes, then the connection ends. */
    record Half() implements Fault {}

    static Fault none() {
        return new None();
    }

    static Fault answer(Response response) {
        return new Answer(response);
    }

    /** A bare status with a plain text of the server's. */
    static Fault status(int status) {
        return new Answer(Response.of(status, "text/plain", Body.of("status " + status)));
    }

    /** What a proxy in front of a service says when the service is away. */
    static Fault badGateway() {
        return new Answer(Response.html(502, """
            <html>
            <head><title>502 Bad Gateway</title></head>
            <body>
            <center><h1>502 Bad Gateway</h1></center>
            <hr><center>nginx/1.18.0</center>
            </body>
            </html>
            """));
    }

    /** Waits, then handles and answers. */
    static Fault delay(Duration time) {
        return new Delay(time, new None());
    }

    /** Handles, waits, then answers: whoever gives up in between has been heard all the same. */
    static Fault late(Duration time) {
        return new Late(time);
    }

    static Fault hang() {
        return new Hang();
    }

    static Fault hangAfter() {
        return new HangAfter();
    }

    static Fault resetBefore() {
        return new ResetBefore();
    }

    static Fault resetAfter() {
        return new ResetAfter();
    }

    static Fault half() {
        return new Half();
    }
}
