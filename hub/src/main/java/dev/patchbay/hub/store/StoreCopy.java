package dev.patchbay.hub.store;

import java.util.UUID;

/**
 * A copy of the database as of one commit.
 *
 * @param storeId of the store it was taken from
 * @param commitNumber all commits up to this one are in it, no later one
 * @param sha256 of the copied file, in hexadecimal digits
 */
public record StoreCopy(UUID storeId, long commitNumber, long bytes, String sha256) {}
