package dev.patchbay.hub.gateway;

import dev.patchbay.hub.gateway.rpc.RpcLimits;
import dev.patchbay.hub.gateway.rpc.Utf8;
import dev.patchbay.hub.memory.ByteBudget;
import io.helidon.common.buffers.DataReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/**
 * Reads what a client says on a socket (RFC 6455), as bytes: the server's own reader turns each fragment into text by itself,
 * which breaks a character cut by a fragment's end and hides what is not UTF-8. For one thread.
 */
final class WebSocketFrames {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    static final int GOING_AWAY = 1001;
    static final int PROTOCOL_ERROR = 1002;
    static final int UNSUPPORTED = 1003;
    static final int NO_CODE = 1005;
    static final int NOT_UTF8 = 1007;
    static final int TOO_SLOW = 1008;
    static final int TOO_BIG = 1009;
    static final int TRY_AGAIN_LATER = 1013;

    private static final int CONTROL_BYTES_MAX = 125;

    /** A long message waits so long for room, and its client with it, before the socket is given up. */
    private static final Duration ROOM_WAIT = Duration.ofSeconds(5);

    private static final byte[] NONE = {};

    private final DataReader reader;
    private final ByteBudget budget;
    private final Runnable begun;
    private byte[] message = NONE;
    private boolean fragmented;
    private ByteBudget.Share memory;

    /** What came: a whole text, or a control frame. */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record Incoming(int kind, byte[] payload) {

        /** The code of a close frame. */
        int closeCode() {
            return payload.length < 2 ? NO_CODE : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        }
    }

    /** The client broke a rule; the socket is closed with this code. */
    static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;
        private final int code;

        Broken(int code, String reason) {
            super(reason, null, false, false);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /**
     * Reads from a connection.
     *
     * @param begun runs when the first byte of a frame is there
     */
    WebSocketFrames(DataReader reader, ByteBudget budget, Runnable begun) {
        this.reader = reader;
        this.budget = budget;
        this.memory = budget.share();
        this.begun = begun;
    }

    /** True between the fragments of a message. */
    boolean isInMessage() {
        return fragmented;
    }

    /** Waits for the next text or control frame. */
    Incoming next() throws Broken, InterruptedException {
        while (true) {
            int first = reader.read() & 0xFF;
            begun.run();
            int second = reader.read() & 0xFF;
            boolean last = (first & 0x80) != 0;
            int kind = first & 0x0F;
            if ((first & 0x70) != 0) {
                throw new Broken(PROTOCOL_ERROR, "reserved bits are set");
            }
            if ((second & 0x80) == 0) {
                throw new Broken(PROTOCOL_ERROR, "the frame is not masked");
            }
            long length = length(second & 0x7F);
            if (kind >= CLOSE) {
                return control(kind, last, length);
            }
            if (data(kind, last, length)) {
                return new Incoming(TEXT, whole());
            }
        }
    }

    /** The memory of the text last returned; to be closed when it is not needed any more. */
    ByteBudget.Share handOver() {
        ByteBudget.Share whole = memory;
        memory = budget.share();
        return whole;
    }

    /** Nothing is read any more. */
    void end() {
        message = NONE;
        memory.close();
    }

    private Incoming control(int kind, boolean last, long length) throws Broken {
        if (kind > PONG || !last || length > CONTROL_BYTES_MAX) {
            throw new Broken(PROTOCOL_ERROR, "a control frame is malformed");
        }
        byte[] payload = new byte[(int) length];
        fill(payload, 0);
        var frame = new Incoming(kind, payload);
        if (kind == CLOSE && (length == 1 || (length >= 2 && !isSendable(frame.closeCode())))) {
            throw new Broken(PROTOCOL_ERROR, "the close frame is malformed");
        }
        return frame;
    }

    private boolean data(int kind, boolean last, long length) throws Broken, InterruptedException {
        if (kind == BINARY) {
            throw new Broken(UNSUPPORTED, "only text is taken");
        }
        if (kind > BINARY || (kind == CONTINUATION) != fragmented) {
            throw new Broken(PROTOCOL_ERROR, "unexpected frame");
        }
        if (message.length + length > RpcLimits.BODY_BYTES) {
            throw new Broken(TOO_BIG, "more than " + RpcLimits.BODY_BYTES + " bytes");
        }
        int before = message.length;
        int after = before + (int) length;
        if (!memory.grow(after, ROOM_WAIT)) {
            throw new Broken(TRY_AGAIN_LATER, "too many long messages at once");
        }
        message = Arrays.copyOf(message, after);
        fill(message, before);
        fragmented = !last;
        return last;
    }

    private byte[] whole() throws Broken {
        byte[] text = message;
        message = NONE;
        if (!Utf8.isValid(text)) {
            throw new Broken(NOT_UTF8, "the text is not UTF-8");
        }
        return text;
    }

    private long length(int small) throws Broken {
        if (small < 126) {
            return small;
        }
        long length = 0;
        for (int i = small == 126 ? 2 : 8; i > 0; i--) {
            length = length << 8 | (reader.read() & 0xFF);
        }
        if (length < 0) {
            throw new Broken(PROTOCOL_ERROR, "the length is negative");
        }
        return length;
    }

    /** Reads the mask, then the rest of the array, unmasked. */
    private void fill(byte[] into, int from) {
        byte[] mask = reader.readBytes(4);
        for (int at = from; at < into.length; ) {
            reader.ensureAvailable();
            byte[] piece = reader.readBytes(Math.min(reader.available(), into.length - at));
            for (byte each : piece) {
                into[at] = (byte) (each ^ mask[(at - from) & 3]);
                at++;
            }
        }
    }

    private static boolean isSendable(int code) {
        return (code >= 1000 && code <= 1014 && code != 1004 && code != NO_CODE && code != 1006)
                || (code >= 3000 && code < 5000);
    }
}
