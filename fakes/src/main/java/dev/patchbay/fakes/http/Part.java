package dev.patchbay.fakes.http;

import java.util.Optional;

/**
 * One field of a {@code multipart/form-data} body.
 *
 * @param fileName present if the field is a file
 * @param contentType as sent, {@code text/plain} if nothing was
 */
public record Part(String name, Optional<String> fileName, String contentType, Body content) {}
