package dev.patchbay.fakes.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads requests from one connection, one after the other. */
final class HttpReader {
    private static final int LINE_BYTES_MAX = 16_384;

    private final InputStream in;
    private final OutputStream out;
    private final int bodyBytesMax;

    /** A request that is not HTTP, or too big. Nothing more can be read from the connection. */
    static final class BadRequest extends IOException {
        final int status;

        BadRequest(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    HttpReader(InputStream in, OutputStream out, int bodyBytesMax) {
        this.in = in;
        this.out = out;
        this.bodyBytesMax = bodyBytesMax;
    }

    /** The next request; null if the other side has hung up between two. */
    @Nullable
    Request next() throws IOException {
        String first = line();
        if (first == null) {
            return null;
        }
        String[] words = first.split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            throw new BadRequest(400, "not a request line");
        }
        Headers headers = headers();
        if (headers.folded("expect").equals("100-continue")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        byte[] body = headers.folded("transfer-encoding").equals("chunked") ? chunks() : sized(headers);
        int question = words[1].indexOf('?');
        return new Request(
                words[0].toUpperCase(Locale.ROOT),
                path(question < 0 ? words[1] : words[1].substring(0, question)),
                question < 0 ? "" : words[1].substring(question + 1),
                headers,
                Body.owning(body),
                System.nanoTime());
    }

    private Headers headers() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = whole(line()); !line.isEmpty(); line = whole(line())) {
            if (lines.size() == Headers.LINES_MAX) {
                throw new BadRequest(431, "too many header lines");
            }
            lines.add(line);
        }
        return Headers.of(lines);
    }

    private byte[] sized(Headers headers) throws IOException {
        int length = number(headers.value("content-length").orElse("0"), 10);
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("half a request");
        }
        return body;
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            String size = whole(line());
            int semicolon = size.indexOf(';');
            int length = number(semicolon < 0 ? size : size.substring(0, semicolon), 16);
            number(Integer.toString(body.size() + length), 10);
            if (length == 0) {
                headers();
                return body.toByteArray();
            }
            body.write(in.readNBytes(length));
            whole(line());
        }
    }

    private int number(String digits, int radix) throws IOException {
        try {
            int number = Integer.parseUnsignedInt(digits.strip(), radix);
            if (number < 0 || number > bodyBytesMax) {
                throw new BadRequest(413, "the body is larger than " + bodyBytesMax + " bytes");
            }
            return number;
        } catch (NumberFormatException notOne) {
            throw new BadRequest(400, "not a length: " + digits);
        }
    }

    private static String path(String raw) throws BadRequest {
        try {
            String path = URI.create(raw).getPath();
            return path == null ? raw : path;
        } catch (IllegalArgumentException notOne) {
            throw new BadRequest(400, "not a path");
        }
    }

    private static String whole(@Nullable String line) throws EOFException {
        if (line == null) {
            throw new EOFException("half a request");
        }
        return line;
    }

    private @Nullable String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return null;
            }
            if (line.size() == LINE_BYTES_MAX) {
                throw new BadRequest(431, "a line is longer than " + LINE_BYTES_MAX + " bytes");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
