package dev.patchbay.hub.gateway;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A WebSocket client without manners: sends any bytes, reads only when told to. */
final class RawWebSocket implements AutoCloseable {
    private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final String answer;

    /** A frame as it came; kind -1 is the end of the connection. */
    @SuppressWarnings("ArrayRecordComponent")
    record Frame(int kind, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        int closeCode() {
            return kind == 8 && payload.length >= 2 ? ByteBuffer.wrap(payload).getShort() & 0xFFFF : -1;
        }

        boolean isEnd() {
            return kind == -1;
        }
    }

    private RawWebSocket(int port, String... headers) throws IOException {
        socket = new Socket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
        var request = new StringBuilder("GET /ws HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n");
        for (String each : headers) {
            request.append(each).append("\r\n");
        }
        out.write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.write(next);
        }
        answer = head.toString(StandardCharsets.US_ASCII);
    }

    /** Opens a socket that must be accepted. */
    static RawWebSocket open(int port, String... headers) throws IOException {
        RawWebSocket opened = new RawWebSocket(port, headers);
        if (!opened.answer.startsWith("HTTP/1.1 101 ")) {
            throw new IOException("refused: " + opened.answer);
        }
        return opened;
    }

    /** The server's answer to a handshake, accepted or not. */
    static String handshake(int port, String... headers) throws IOException {
        try (RawWebSocket tried = new RawWebSocket(port, headers)) {
            return tried.answer;
        }
    }

    String answer() {
        return answer;
    }

    void text(String text) throws IOException {
        frame(0x81, text.getBytes(StandardCharsets.UTF_8));
    }

    void frame(int first, byte[] payload) throws IOException {
        var frame = new ByteArrayOutputStream(payload.length + 14);
        frame.write(first);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else if (payload.length < 1 << 16) {
            frame.write(0x80 | 126);
            frame.write(payload.length >>> 8);
            frame.write(payload.length);
        } else {
            frame.write(0x80 | 127);
            frame.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
        }
        frame.writeBytes(MASK);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ MASK[i & 3]);
        }
        raw(frame.toByteArray());
    }

    void raw(byte... bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** The next frame, whatever it is. */
    Frame read() throws IOException {
        try {
            int first = in.readUnsignedByte();
            int length = in.readUnsignedByte();
            long bytes = length < 126 ? length : length == 126 ? in.readUnsignedShort() : in.readLong();
            byte[] payload = new byte[(int) bytes];
            in.readFully(payload);
            return new Frame(first & 0x0F, payload);
        } catch (EOFException | SocketException end) {
            return new Frame(-1, new byte[0]);
        }
    }

    /** The next text; pings and pongs are passed over. */
    String readText() throws IOException {
        while (true) {
            Frame frame = read();
            if (frame.kind() == 1) {
                return frame.text();
            }
            if (frame.kind() != 9 && frame.kind() != 10) {
                throw new IOException("no text but frame " + frame.kind() + ", close code " + frame.closeCode());
            }
        }
    }

    /** Reads on until the server closes; the code of its close frame, -1 if the connection just ended. */
    int readCloseCode() throws IOException {
        while (true) {
            Frame frame = read();
            if (frame.kind() == 8) {
                return frame.closeCode();
            }
            if (frame.isEnd()) {
                return -1;
            }
        }
    }

    String call(String request) throws IOException {
        text(request);
        return readText();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
