package dev.patchbay.hub.delivery;

import dev.patchbay.hub.store.NewDelivery;

/**
 * A message ready to be stored.
 *
 * @param row what the store takes
 * @param body what the row's body says
 */
public record Prepared(NewDelivery row, OutboundBody body) {}
