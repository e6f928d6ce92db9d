package dev.patchbay.hub.gateway;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.AttachmentUnavailable;
import dev.patchbay.api.Attachments.Content;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.attachment.AttachmentId;
import dev.patchbay.hub.attachment.AttachmentJson;
import dev.patchbay.hub.attachment.FileNames;
import dev.patchbay.hub.failpoint.Place;
import dev.patchbay.hub.gateway.rpc.Access;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code POST /attachments}: takes a file in; {@code GET /attachments/ID}: gives it out, to whoever has a token or a signed link.
 * What is given out is never shown as a page of ours.
 */
final class AttachmentDoor {
    private static final String PATH = "/attachments";
    private static final List<String> SIGNED = List.of("expires", "type", "name", "sig");

    /** What curl says of a body unless told otherwise. */
    private static final String FORM = "application/x-www-form-urlencoded";

    private final AttachmentDesk files;

    AttachmentDoor(AttachmentDesk files) {
        this.files = files;
    }

    /** False if the path is none of ours: nothing was answered. */
    boolean handle(HttpExchange exchange) throws InterruptedException {
        String path = exchange.path();
        if (path.equals(PATH)) {
            if (!exchange.method().equals("POST")) {
                exchange.notAllowed("POST");
            } else if (exchange.permits(Access.CHAT, Access.OPERATE)) {
                exchange.admitted(exchange.caller(), () -> take(exchange));
            }
            return true;
        }
        if (!path.startsWith(PATH + "/")) {
            return false;
        }
        if (!exchange.isRead()) {
            exchange.notAllowed("GET, HEAD");
            return true;
        }
        Optional<AttachmentId> id = AttachmentId.parse(path.substring(PATH.length() + 1));
        if (isPermitted(exchange, id)) {
            if (id.isEmpty()) {
                notFound(exchange);
            } else {
                exchange.admitted(exchange.caller(), () -> give(exchange, id.get()));
            }
        }
        return true;
    }

    private boolean isPermitted(HttpExchange exchange, Optional<AttachmentId> id) {
        if (exchange.query("sig").isEmpty()) {
            return exchange.permits(Access.READ, Access.CHAT);
        }
        Map<String, String> query = new HashMap<>();
        SIGNED.forEach(name -> exchange.query(name).ifPresent(value -> query.put(name, value)));
        if (id.isPresent() && files.opens(id.get(), query)) {
            return true;
        }
        exchange.error(403, "this link is not valid, or its time is over");
        return false;
    }

    private void take(HttpExchange exchange) throws InterruptedException {
        if (exchange.announcedBytes().orElse(0) > files.bytesMax()
                && exchange.header("Expect").isPresent()) {
            // It has not begun to send: it need not.
            exchange.with("Connection", "close");
            tooLarge(exchange);
            return;
        }
        String type = exchange.header("Content-Type")
                .filter(each -> !each.startsWith(FORM))
                .orElse(null);
        String name = exchange.query("name").orElse(null);
        try {
            var counted = new Counting();
            Attachment kept = exchange.streamed(body -> files.keep(counted.over(body), type, name));
            exchange.json(201, json -> {
                json.writeStartObject();
                AttachmentJson.writeMembers(json, kept, true);
                json.writeNumberField("bytes", counted.bytes);
                json.writeEndObject();
            });
        } catch (NotAccepted refused) {
            if (refused.reason() == NotAccepted.Reason.TOO_LARGE) {
                tooLarge(exchange);
            } else {
                exchange.with(
                                "Retry-After",
                                Long.toString(Math.max(1, refused.retryAfter().toSeconds())))
                        .error(507, String.valueOf(refused.getMessage()));
            }
        }
    }

    private void give(HttpExchange exchange, AttachmentId id) throws InterruptedException {
        var named = new Attachment(
                id.url(),
                exchange.query("type").orElse(null),
                exchange.query("name").orElse(null));
        try (Content content = files.open(named)) {
            exchange.with("Content-Disposition", disposition(content.name()))
                    .with("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
                    .with("Content-Length", Long.toString(content.bytes()));
            exchange.reach(Place.FILE_BEFORE_SEND);
            if (exchange.method().equals("HEAD")) {
                exchange.nothing(200, FileNames.servable(content.mediaType()));
                return;
            }
            try (OutputStream out = exchange.stream(200, FileNames.servable(content.mediaType()))) {
                content.stream().transferTo(out);
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        } catch (AttachmentUnavailable unavailable) {
            if (unavailable.isPermanent()) {
                notFound(exchange);
            } else {
                exchange.with("Retry-After", "5").error(503, "the file cannot be read now");
            }
        }
    }

    private void tooLarge(HttpExchange exchange) {
        exchange.error(413, "a file is at most " + files.bytesMax() + " bytes (attachments.max-size)");
    }

    private static void notFound(HttpExchange exchange) {
        exchange.error(404, "there is no such file (any more)");
    }

    /** The name twice: for those who know how to read it in full, and for the others. */
    private static String disposition(String name) {
        var plain = new StringBuilder();
        name.codePoints()
                .map(each -> each < 0x20 || each > 0x7e || each == '"' || each == '\\' || each == '%' ? '_' : each)
                .forEach(plain::appendCodePoint);
        var full = new StringBuilder();
        for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
            boolean isPlain = (each >= '0' && each <= '9')
                    || (each >= 'A' && each <= 'Z')
                    || (each >= 'a' && each <= 'z')
                    || each == '.'
                    || each == '-'
                    || each == '_';
            full.append(isPlain ? String.valueOf((char) each) : "%%%02X".formatted(each & 0xff));
        }
        return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + full;
    }

    /** Knows how long a body was that somebody else has read. */
    private static final class Counting {
        private long bytes;

        private InputStream over(InputStream body) {
            return new java.io.FilterInputStream(body) {
                @Override
                public int read() throws IOException {
                    int one = super.read();
                    bytes += one < 0 ? 0 : 1;
                    return one;
                }

                @Override
                public int read(byte[] into, int from, int length) throws IOException {
                    int count = super.read(into, from, length);
                    bytes += Math.max(0, count);
                    return count;
                }
            };
        }
    }
}
