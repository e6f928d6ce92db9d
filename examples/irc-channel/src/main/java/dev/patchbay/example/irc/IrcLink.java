package dev.patchbay.example.irc;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** One connection to a server: lines in, lines out. One thread reads; any may write. */
final class IrcLink implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;

    /** After so long a silence the server is asked whether it is still there; after twice as long it is not. */
    private static final int SILENCE_MILLIS = 90_000;

    /** Newer servers allow tags of 8 kB in front of the 512 bytes; more is nothing we wait for. */
    private static final int LINE_BYTES_MAX = 16_384;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final ReentrantLock writing = new ReentrantLock();

    private IrcLink(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    static IrcLink connect(IrcSettings settings) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(settings.host(), settings.port()), CONNECT_MILLIS);
            socket.setSoTimeout(SILENCE_MILLIS);
            return new IrcLink(settings.tls() ? encrypted(socket, settings) : socket);
        } catch (IOException | RuntimeException failed) {
            socket.close();
            throw failed;
        }
    }

    private static Socket encrypted(Socket socket, IrcSettings settings) throws IOException {
        var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        var tls = (SSLSocket) factory.createSocket(socket, settings.host(), settings.port(), true);
        var parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    /** Writes lines so that no other thread's come in between. */
    void write(String... lines) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (String line : lines) {
            bytes.writeBytes(line.getBytes(StandardCharsets.UTF_8));
            bytes.write('\r');
            bytes.write('\n');
        }
        writing.lock();
        try {
            bytes.writeTo(out);
            out.flush();
        } finally {
            writing.unlock();
        }
    }

    /** Waits for the next line; null when the connection has ended. */
    @Nullable
    IrcLine read() throws IOException {
        var line = new ByteArrayOutputStream();
        boolean asked = false;
        while (true) {
            int next;
            try {
                next = in.read();
            } catch (SocketTimeoutException silence) {
                if (asked) {
                    throw silence;
                }
                asked = true;
                write("PING :still-there");
                continue;
            }
            if (next < 0) {
                return null;
            }
            if (next == '\n') {
                return IrcLine.parse(line.toString(StandardCharsets.UTF_8));
            }
            if (next != '\r' && line.size() < LINE_BYTES_MAX) {
                line.write(next);
            }
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException gone) {
            // Then it is closed.
        }
    }
}
