package dev.patchbay.fakes.discord;

import dev.patchbay.fakes.http.Body;

/** A file on its way into a message. */
public record Upload(String name, String contentType, Body content) {}
