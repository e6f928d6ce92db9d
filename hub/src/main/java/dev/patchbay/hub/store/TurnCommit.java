package dev.patchbay.hub.store;

import java.util.List;

/**
 * What completing a turn wrote.
 *
 * @param lineSeqs places of the lines in the sequence, in the order given
 * @param deliverySeqs places of the deliveries in their own order
 */
public record TurnCommit(List<Long> lineSeqs, List<Long> deliverySeqs) {}
