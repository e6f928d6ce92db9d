package dev.patchbay.fakes.discord;

import dev.patchbay.fakes.http.Body;

/**
 * A file that hangs on a message.
 *
 * @param url where the content can be had without a token, with a query as the real ones have
 */
public record Attachment(String id, String url, String name, String contentType, Body content) {}
