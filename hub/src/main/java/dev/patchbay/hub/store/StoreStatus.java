package dev.patchbay.hub.store;

/**
 * How the store is doing.
 *
 * @param bytes size on disk
 * @param freeBytes room left on the disk
 * @param damaged records set aside since the store was made
 * @param writable false while nothing can be stored
 * @param detail why not, empty if writable; no secrets
 * @param failuresInARow writes to the disk that failed since the last one that went well
 */
public record StoreStatus(
        String kind, long bytes, long freeBytes, long damaged, boolean writable, String detail, int failuresInARow) {}
