package dev.patchbay.hub.store;

/**
 * A line with whose it is.
 *
 * @param transcript a number that the transcript keeps when it is put away, and that is never used again once it was cleared or
 *     deleted
 */
public record TranscriptLine(long transcript, String agentId, StoredLine line) {}
