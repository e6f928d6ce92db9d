package dev.patchbay.fakes.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes a {@code multipart/form-data} body apart. */
final class Multipart {
    private static final int PARTS_MAX = 100;
    private static final Pattern BOUNDARY = Pattern.compile("boundary=(?:\"([^\"]+)\"|([^;\\s]+))");
    private static final Pattern NAME = Pattern.compile("(?<![a-z*])name=\"([^\"]*)\"");
    private static final Pattern FILE = Pattern.compile("filename=\"([^\"]*)\"");
    private static final byte[] BLANK_LINE = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Multipart() {}

    static List<Part> parts(String contentType, Body body) {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!contentType.startsWith("multipart/form-data") || !boundary.find()) {
            return List.of();
        }
        String name = boundary.group(1) == null ? boundary.group(2) : boundary.group(1);
        byte[] first = ("--" + name).getBytes(StandardCharsets.ISO_8859_1);
        byte[] next = ("\r\n--" + name).getBytes(StandardCharsets.ISO_8859_1);
        byte[] bytes = body.shared();
        int at = indexOf(bytes, first, 0) + first.length;
        if (at < first.length) {
            throw new IllegalArgumentException("the boundary never comes");
        }
        var parts = new ArrayList<Part>();
        while (!isLast(bytes, at)) {
            int start = indexOf(bytes, BLANK_LINE, at);
            int end = start < 0 ? -1 : indexOf(bytes, next, start + 2);
            if (end < 0 || parts.size() == PARTS_MAX) {
                throw new IllegalArgumentException(end < 0 ? "a part has no end" : "more than " + PARTS_MAX + " parts");
            }
            parts.add(part(
                    new String(bytes, at, start - at, StandardCharsets.UTF_8),
                    body.slice(Math.min(start + 4, end), end)));
            at = end + next.length;
        }
        return parts;
    }

    private static Part part(String head, Body content) {
        Headers headers = Headers.of(head.lines().toList());
        String disposition = headers.value("content-disposition").orElse("");
        Matcher name = NAME.matcher(disposition);
        Matcher file = FILE.matcher(disposition);
        if (!name.find()) {
            throw new IllegalArgumentException("a part has no name");
        }
        return new Part(
                name.group(1),
                file.find() ? Optional.of(file.group(1)) : Optional.empty(),
                headers.value("content-type").orElse("text/plain"),
                content);
    }

    private static boolean isLast(byte[] bytes, int at) {
        return at + 1 < bytes.length && bytes[at] == '-' && bytes[at + 1] == '-';
    }

    private static int indexOf(byte[] bytes, byte[] wanted, int from) {
        for (int at = from; at <= bytes.length - wanted.length; at++) {
            int same = 0;
            while (same < wanted.length && bytes[at + same] == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return at;
            }
        }
        return -1;
    }
}
