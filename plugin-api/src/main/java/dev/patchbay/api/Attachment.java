package dev.patchbay.api;

import org.jspecify.annotations.Nullable;

/**
 * A file that goes with a message. Patchbay carries the reference, not the bytes.
 *
 * @param url where the file can be fetched
 * @param mediaType for instance {@code image/png}, or null when unknown
 * @param name a file name to show, or null
 */
public record Attachment(
        String url, @Nullable String mediaType, @Nullable String name) {}
