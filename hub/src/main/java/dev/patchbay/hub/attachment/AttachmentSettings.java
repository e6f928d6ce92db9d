package dev.patchbay.hub.attachment;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How files are kept.
 *
 * @param dataDir holds the folder of files and the key that signs links to them
 * @param bytesMax largest file
 * @param keep a file that nobody has used for so long goes
 * @param totalBytesMax of all files together
 * @param minFreeBytes with less free disk than this nothing new is taken in
 * @param linkValidity how long a signed link opens its file
 * @param allowPrivate networks of the operator's own that files may be fetched from, as {@code 10.0.0.0/8}
 * @param publicUrl where the whole world reaches the hub, if it does; ends with a slash
 */
public record AttachmentSettings(
        Path dataDir,
        long bytesMax,
        Duration keep,
        long totalBytesMax,
        long minFreeBytes,
        Duration linkValidity,
        List<String> allowPrivate,
        Optional<URI> publicUrl) {
    public AttachmentSettings {
        allowPrivate = List.copyOf(allowPrivate);
    }

    /** The usual ones. */
    public static AttachmentSettings of(Path dataDir) {
        return new AttachmentSettings(
                dataDir, 20 << 20, Duration.ofDays(30), 10L << 30, 0, Duration.ofDays(7), List.of(), Optional.empty());
    }

    public AttachmentSettings withBytesMax(long other) {
        return new AttachmentSettings(
                dataDir, other, keep, totalBytesMax, minFreeBytes, linkValidity, allowPrivate, publicUrl);
    }

    public AttachmentSettings withTotalBytesMax(long other) {
        return new AttachmentSettings(
                dataDir, bytesMax, keep, other, minFreeBytes, linkValidity, allowPrivate, publicUrl);
    }

    public AttachmentSettings withMinFreeBytes(long other) {
        return new AttachmentSettings(
                dataDir, bytesMax, keep, totalBytesMax, other, linkValidity, allowPrivate, publicUrl);
    }

    public AttachmentSettings withAllowPrivate(List<String> other) {
        return new AttachmentSettings(
                dataDir, bytesMax, keep, totalBytesMax, minFreeBytes, linkValidity, other, publicUrl);
    }

    public AttachmentSettings withPublicUrl(URI other) {
        return new AttachmentSettings(
                dataDir, bytesMax, keep, totalBytesMax, minFreeBytes, linkValidity, allowPrivate, Optional.of(other));
    }
}
