package dev.patchbay.hub.store;

/**
 * A pending message without its body.
 *
 * @param seq its place in the order of acceptance
 * @param bodyBytes length of its body
 */
public record InboundRef(long seq, String messageId, String sessionKey, int bodyBytes) {}
