package dev.patchbay.fakes.discord;

import dev.patchbay.fakes.http.Request;
import dev.patchbay.fakes.http.Response;
import dev.patchbay.fakes.http.Takeover;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/** One frame of RFC 6455 as a client sends it, and the server's own in bytes. */
final class WebSocketFrame {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int PAYLOAD_BYTES_MAX = 64 * 1024;

    private final boolean isLast;
    private final int opcode;
    private final byte[] payload;

    private WebSocketFrame(boolean isLast, int opcode, byte[] payload) {
        this.isLast = isLast;
        this.opcode = opcode;
        this.payload = payload;
    }

    /** False if the message goes on in the next frame. */
    boolean isLast() {
        return isLast;
    }

    int opcode() {
        return opcode;
    }

    byte[] payload() {
        return payload;
    }

    /** Answers the handshake. A request that asks for no WebSocket gets 426. */
    static Response accept(Request request, Takeover then) {
        String key = request.headers().value("sec-websocket-key").orElse("");
        boolean isAsked = request.headers()
                .value("upgrade")
                .map(to -> to.toLowerCase(Locale.ROOT))
                .filter("websocket"::equals)
                .isPresent();
        if (!isAsked || key.isEmpty()) {
            return Response.empty(426).with("Upgrade", "websocket");
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            String answer = Base64.getEncoder().encodeToString(hash);
            return Response.switching(
                    Map.of("Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Accept", answer), then);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-1", impossible);
        }
    }

    /**
     * Reads the next frame.
     *
     * @throws IOException also if the frame is not masked, or larger than 64 KiB
     */
    static WebSocketFrame read(InputStream from) throws IOException {
        var in = new DataInputStream(from);
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        long length = second & 0x7F;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        if ((second & 0x80) == 0 || length < 0 || length > PAYLOAD_BYTES_MAX) {
            throw new IOException("a frame without a mask, or of " + length + " bytes");
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = new byte[(int) length];
        in.readFully(payload);
        for (int at = 0; at < payload.length; at++) {
            payload[at] ^= mask[at % 4];
        }
        return new WebSocketFrame((first & 0x80) != 0, first & 0x0F, payload);
    }

    static byte[] text(byte[] payload) {
        return bytes(TEXT, payload);
    }

    static byte[] close(int code, String reason) {
        byte[] words = reason.getBytes(StandardCharsets.UTF_8);
        return bytes(
                CLOSE,
                ByteBuffer.allocate(2 + words.length)
                        .putShort((short) code)
                        .put(words)
                        .array());
    }

    static byte[] bytes(int opcode, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(10 + payload.length).put((byte) (0x80 | opcode));
        if (payload.length < 126) {
            frame.put((byte) payload.length);
        } else if (payload.length < 65_536) {
            frame.put((byte) 126).putShort((short) payload.length);
        } else {
            frame.put((byte) 127).putLong(payload.length);
        }
        frame.put(payload);
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    /** The code in a close frame; 1005 if it says none. */
    int closeCode() {
        return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
    }
}
