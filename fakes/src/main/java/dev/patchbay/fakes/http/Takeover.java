package dev.patchbay.fakes.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** Goes on with a connection once its answer's head is out, for instance as a WebSocket. */
@FunctionalInterface
public interface Takeover {
    /**
     * Runs on the connection's own thread; the connection ends when it returns. It is interrupted, and the socket closed, when
     * the server closes.
     *
     * @param socket for writing, for options and for the reset
     * @param in what the other side says from here on; it may hold bytes already taken from the socket, so read nothing else
     */
    void run(Socket socket, InputStream in) throws IOException, InterruptedException;
}
