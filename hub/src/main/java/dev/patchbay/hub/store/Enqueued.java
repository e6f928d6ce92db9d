package dev.patchbay.hub.store;

import java.time.Instant;

/**
 * Answer to {@link Store#enqueue}.
 *
 * @param seq its place in the order of queueing
 * @param deliveryId the stored delivery's id
 * @param acceptedAt when it was stored first
 * @param duplicate true if the dedup key was known: nothing new was queued
 * @param sameContent false if the key was known with another fingerprint
 */
public record Enqueued(long seq, String deliveryId, Instant acceptedAt, boolean duplicate, boolean sameContent) {}
