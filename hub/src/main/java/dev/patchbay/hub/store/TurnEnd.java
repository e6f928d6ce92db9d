package dev.patchbay.hub.store;

import java.util.List;

/**
 * The end of one turn.
 *
 * @param messageId the pending message that it answers
 * @param lines user line first
 * @param deliveries what is to be sent, in order
 */
public record TurnEnd(String messageId, SessionIdentity session, List<NewLine> lines, List<NewDelivery> deliveries) {}
