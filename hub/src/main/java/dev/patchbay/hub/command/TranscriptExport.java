package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.command.wire.RpcClient;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a transcript round: the hub hands out the newest page first, a file begins with the oldest line. The pages wait on disk,
 * so a transcript may be larger than memory. One thread.
 */
final class TranscriptExport implements AutoCloseable {
    private static final int PAGE_SIZE = 1_000;

    private final Path file;
    private final FileChannel pages;
    private final List<Long> starts = new ArrayList<>();

    TranscriptExport() throws IOException {
        file = Files.createTempFile("patchbay-export", ".jsonl");
        pages = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Gets all of it. */
    void fetch(RpcClient hub, String sessionKey) throws IOException, InterruptedException {
        OutputStream out = Channels.newOutputStream(pages);
        String cursor = "";
        do {
            ObjectNode params = Fields.params("session_key", sessionKey).put("limit", PAGE_SIZE);
            if (!cursor.isEmpty()) {
                params.put("cursor", cursor);
            }
            JsonNode page = CommandContext.ask(hub, "chat.history", params);
            starts.add(pages.position());
            var lines = new StringBuilder();
            page.path("messages").forEach(message -> lines.append(message).append('\n'));
            out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
            cursor = Fields.text(page, "next_cursor");
        } while (!cursor.isEmpty());
    }

    void write(OutputStream out) throws IOException {
        long end = pages.size();
        for (long start : starts.reversed()) {
            pages.position(start);
            long left = end - start;
            var page = Channels.newInputStream(pages);
            byte[] buffer = new byte[64 << 10];
            while (left > 0) {
                int read = page.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new IOException("the temporary file ended early");
                }
                out.write(buffer, 0, read);
                left -= read;
            }
            end = start;
        }
        out.flush();
    }

    @Override
    public void close() throws IOException {
        pages.close();
        Files.deleteIfExists(file);
    }
}
