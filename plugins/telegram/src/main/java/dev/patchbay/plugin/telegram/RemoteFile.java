package dev.patchbay.plugin.telegram;

import org.jspecify.annotations.Nullable;

/**
 * A file that lies with Telegram.
 *
 * @param kind what it is, for people: photo, voice message
 * @param bytes its size, 0 if not known
 */
record RemoteFile(
        String id,
        String kind,
        @Nullable String mediaType,
        @Nullable String name,
        long bytes) {}
