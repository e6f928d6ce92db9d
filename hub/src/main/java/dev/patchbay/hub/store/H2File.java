package dev.patchbay.hub.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.h2.mvstore.DataUtils;
import org.jspecify.annotations.Nullable;

/**
 * An H2 file while H2 has not opened it. After a power cut the chunks that had not been forced yet may look whole and be torn in the
 * middle, and the header may name one that never arrived; H2 has no checksum that would tell. So nobody guesses: whatever is newer
 * than what was {@link Confirmed} was never acknowledged and is taken out before H2 looks.
 *
 * <p>Format 3 of H2 2.4: two copies of a header in the first two blocks; each chunk begins with a line of text and ends, at the end
 * of a block, with a footer that has a checksum of its own.
 */
final class H2File {
    private static final int BLOCK = 4_096;
    private static final int HEADERS = 2;
    private static final int FOOTER = 128;
    private static final int CHUNK_START = 512;

    private final FileChannel channel;

    /** The end of a chunk: where its footer stands, and what it says. */
    private record Footer(long position, long firstBlock, String id, long version) {}

    private H2File(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes out what is newer than was confirmed. Leaves alone what was closed in order, and what it does not know: another file, an
     * older copy, a damaged one, one that somebody has open.
     *
     * @return whether something was taken out
     */
    static boolean rewind(Path file, Confirmed confirmed) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = lock(channel)) {
            return lock != null && new H2File(channel).rewind(confirmed);
        }
    }

    /** Whether it says of itself that it was made at another time than the file of which this was confirmed. */
    static boolean isAnother(Path file, Confirmed confirmed) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long created = number(new H2File(channel).header(), "created");
            return created >= 0 && created != confirmed.created();
        }
    }

    /**
     * The newest state in a file in which everything has been forced; changes nothing. Empty if it is another file, does not come as
     * far, or somebody has it open.
     */
    static Optional<Confirmed> newest(Path file, Confirmed atLeast) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = lock(channel)) {
            return lock == null
                    ? Optional.empty()
                    : new H2File(channel)
                            .newest()
                            .filter(found ->
                                    found.created() == atLeast.created() && found.version() >= atLeast.version());
        }
    }

    /**
     * Takes away the word "clean" before H2 opens a file that was closed in order: it must not outlast what H2 writes now. Only where
     * {@link #rewind} does not see to it.
     */
    static void unseal(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = lock(channel)) {
            var sealed = new H2File(channel);
            Map<String, String> header = sealed.header(0);
            if (lock != null && sealed.isSealed(header)) {
                sealed.writeHeaders(header);
            }
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            return null;
        }
    }

    private Optional<Confirmed> newest() throws IOException {
        Map<String, String> header = header();
        long version = isSealed(header) ? number(header, "version") : -1;
        if (version < 0) {
            for (long block = channel.size() / BLOCK; block > HEADERS; block--) {
                Footer footer = footer(block);
                if (footer != null && footer.version() > version && begins(footer)) {
                    version = footer.version();
                }
            }
        }
        return version < 0 ? Optional.empty() : Optional.of(new Confirmed(number(header, "created"), version));
    }

    private boolean rewind(Confirmed confirmed) throws IOException {
        Map<String, String> header = header();
        if (number(header, "created") != confirmed.created()) {
            return false;
        }
        if (isSealed(header) && number(header, "version") >= confirmed.version()) {
            // Closed in order, by us or by an operator's tool after us. But "clean" must not outlast what H2 writes
            // now: it would trust the header and find chunks overwritten.
            writeHeaders(header);
            return false;
        }
        Footer last = null;
        List<Footer> newer = new ArrayList<>();
        for (long block = channel.size() / BLOCK; block > HEADERS; block--) {
            Footer footer = footer(block);
            if (footer != null && footer.version() > confirmed.version()) {
                newer.add(footer);
            } else if (footer != null && footer.version() == confirmed.version() && begins(footer)) {
                last = footer;
            }
        }
        if (last == null) {
            return false;
        }
        for (Footer each : newer) {
            write(ByteBuffer.allocate(FOOTER), each.position());
        }
        header.put("block", Long.toHexString(last.firstBlock()));
        header.put("chunk", last.id());
        header.put("version", Long.toHexString(last.version()));
        writeHeaders(header);
        return !newer.isEmpty();
    }

    /** Closed in order, as both copies of the header say. */
    private boolean isSealed(Map<String, String> header) throws IOException {
        return header.containsKey("clean") && header.equals(header(1));
    }

    private void writeHeaders(Map<String, String> header) throws IOException {
        header.remove("clean");
        ByteBuffer line = line(header);
        write(line.duplicate(), 0);
        write(line.duplicate(), BLOCK);
        channel.force(true);
    }

    private Map<String, String> header() throws IOException {
        Map<String, String> first = header(0);
        return first.isEmpty() ? header(1) : first;
    }

    private Map<String, String> header(int copy) throws IOException {
        return checked(read((long) copy * BLOCK, BLOCK));
    }

    private @Nullable Footer footer(long blockAfter) throws IOException {
        long position = blockAfter * BLOCK - FOOTER;
        byte[] text = read(position, FOOTER);
        if (text[0] != 'c') {
            return null;
        }
        Map<String, String> footer = checked(text);
        long blocks = number(footer, "len");
        String id = footer.get("chunk");
        if (id == null || blocks < 1 || blockAfter - blocks < HEADERS) {
            return null;
        }
        return new Footer(position, blockAfter - blocks, id, number(footer, "version"));
    }

    /** Whether the chunk also begins where its footer says. */
    private boolean begins(Footer footer) throws IOException {
        String text = new String(read(footer.firstBlock() * BLOCK, CHUNK_START), StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\n');
        if (!text.startsWith("chunk:") || end < 0) {
            return false;
        }
        Map<String, String> start = parse(text.substring(0, end).strip());
        return footer.id().equals(start.get("chunk")) && number(start, "version") == footer.version();
    }

    private byte[] read(long position, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, position + bytes.position()) >= 0) {
            // Behind the end of the file are zeros, which are nothing.
        }
        return bytes.array();
    }

    private void write(ByteBuffer bytes, long position) throws IOException {
        for (long at = position; bytes.hasRemaining(); ) {
            at += channel.write(bytes, at);
        }
    }

    /** Empty if the checksum at the end does not fit. */
    private static Map<String, String> checked(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1).strip();
        text = text.substring(0, Math.max(0, text.indexOf('\0') < 0 ? text.length() : text.indexOf('\0')))
                .strip();
        int end = text.lastIndexOf(",fletcher:");
        if (end < 0) {
            return new TreeMap<>();
        }
        byte[] covered = text.substring(0, end).getBytes(StandardCharsets.ISO_8859_1);
        boolean fits = Integer.toHexString(DataUtils.getFletcher32(covered, 0, covered.length))
                .equals(text.substring(end + ",fletcher:".length()));
        return fits ? parse(text.substring(0, end)) : new TreeMap<>();
    }

    private static ByteBuffer line(Map<String, String> header) {
        var text = new StringBuilder();
        header.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : ",").append(name).append(':').append(value));
        byte[] covered = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        int checksum = DataUtils.getFletcher32(covered, 0, covered.length);
        // The rest of the sector too, where a longer header may have ended.
        var line = ByteBuffer.allocate(CHUNK_START);
        line.put(covered)
                .put((",fletcher:" + Integer.toHexString(checksum) + "\n").getBytes(StandardCharsets.ISO_8859_1));
        return line.rewind();
    }

    /** No value in headers and footers needs H2's quotes. */
    private static Map<String, String> parse(String text) {
        var map = new TreeMap<String, String>();
        for (String each : text.split(",", -1)) {
            int colon = each.indexOf(':');
            if (colon > 0) {
                map.put(each.substring(0, colon), each.substring(colon + 1));
            }
        }
        return map;
    }

    private static long number(Map<String, String> map, String name) {
        String value = map.get(name);
        try {
            return value == null ? -1 : Long.parseLong(value, 16);
        } catch (NumberFormatException damaged) {
            return -1;
        }
    }
}
