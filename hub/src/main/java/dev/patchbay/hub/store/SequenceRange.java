package dev.patchbay.hub.store;

/**
 * What the sequence of lines and events still knows.
 *
 * @param before cursors smaller than this have lost events; 0 if nothing was ever dropped
 * @param last the latest place given out, 0 if none
 */
public record SequenceRange(long before, long last) {}
