package dev.patchbay.api;

import org.jspecify.annotations.Nullable;

/**
 * A file that goes with a message. The message carries the reference, {@link Attachments} the bytes.
 *
 * @param url where the file is: {@code attachment:} and a name for one in the hub's store, {@code http} or {@code https} for one on
 *     the web, {@code geo:LATITUDE,LONGITUDE} for a place
 * @param mediaType for instance {@code image/png}, or null when unknown
 * @param name a file name to show, or null
 */
public record Attachment(
        String url, @Nullable String mediaType, @Nullable String name) {}
