package dev.patchbay.hub.store;

/** How many deliveries of one account are in one state. */
public record DeliveryCount(String channel, String accountId, DeliveryState state, long count) {}
