package dev.patchbay.hub.store;

import java.util.UUID;

/**
 * Which store this is, and how far it has come.
 *
 * @param storeId a restored store has another one than the one it was restored from: their commits are not the same any more
 */
public record StoreIdentity(UUID storeId, long commitNumber) {}
