package dev.patchbay.hub.heartbeat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an agent is to look at, in a file that people edit while the hub runs: read anew each time.
 *
 * @param text empty if there is nothing to do
 * @param trouble why it cannot be used, if that is anybody's fault; a file that is missing or blank is in order
 */
record HeartbeatFile(Optional<String> text, Optional<String> trouble) {
    static final int BYTES_MAX = 64 * 1024;

    private static final HeartbeatFile NOTHING = new HeartbeatFile(Optional.empty(), Optional.empty());

    /** One that is never closed goes to the end of the file. */
    private static final Pattern COMMENT = Pattern.compile("<!--.*?(?:-->|\\z)", Pattern.DOTALL);

    private static final Pattern HEADING = Pattern.compile("(?m)^ {0,3}#{1,6}(?:[ \\t].*)?$");

    private static final Pattern EMPTY_BOX = Pattern.compile("(?m)^\\s*[-*+]\\s+\\[[ xX]?]\\s*$");

    static HeartbeatFile read(Path file) {
        // Whatever waits for somebody to write into it is no file to read.
        if (!Files.isRegularFile(file)) {
            return Files.exists(file) ? unusable(file + " is no file") : NOTHING;
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(BYTES_MAX + 1);
        } catch (IOException unreadable) {
            return unusable(file + " cannot be read: " + unreadable.getClass().getSimpleName());
        }
        if (bytes.length > BYTES_MAX) {
            return unusable(file + " is larger than 64 KB; shorten it");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return isBlank(text) ? NOTHING : new HeartbeatFile(Optional.of(text.strip()), Optional.empty());
        } catch (CharacterCodingException other) {
            return unusable(file + " is not UTF-8");
        }
    }

    /** Whether there are only headings, comments and marks. */
    static boolean isBlank(String text) {
        String rest = COMMENT.matcher(text.replace("\r\n", "\n")).replaceAll("");
        rest = HEADING.matcher(rest).replaceAll("");
        rest = EMPTY_BOX.matcher(rest).replaceAll("");
        return rest.codePoints().noneMatch(Character::isLetterOrDigit);
    }

    private static HeartbeatFile unusable(String why) {
        return new HeartbeatFile(Optional.empty(), Optional.of(why));
    }
}
