package dev.patchbay.hub.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/**
 * What a file looks like from outside; another mark means that it was written or replaced.
 *
 * @param key tells a file from another one that was moved into its place; empty if the file system has no such thing
 */
record FileMark(long bytes, Instant modified, String key) {

    static FileMark of(Path file) throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        Object key = attributes.fileKey();
        return new FileMark(
                attributes.size(), attributes.lastModifiedTime().toInstant(), key == null ? "" : key.toString());
    }
}
