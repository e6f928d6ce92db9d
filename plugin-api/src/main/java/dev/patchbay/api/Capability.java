package dev.patchbay.api;

/** What a channel's platform can do. What is not announced is never asked for. */
public enum Capability {
    /** Messages can be sent. Without it answers stay in the transcript and {@code messages.send} is refused. */
    SEND,
    /** Threads or topics inside a peer. */
    THREADS,
    /** A message can answer another one. */
    REPLIES,
    /** Attachments can be sent. Without it their addresses are appended to the text. */
    ATTACHMENTS,
    /** Buttons can stand under a message. Without it they are listed below the text. */
    BUTTONS,
    /** {@link Channel#typing} shows that an answer is being written. */
    TYPING,
    /** {@link Channel#draft} shows an answer while it grows. */
    DRAFTS
}
