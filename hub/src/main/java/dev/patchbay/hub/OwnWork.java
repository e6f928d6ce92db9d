package dev.patchbay.hub;

import java.time.Duration;

/** A part of the hub that asks agents by itself. */
@FunctionalInterface
interface OwnWork {

    /** Begins nothing any more and brings what runs to an end; false if something still runs then. */
    boolean drain(Duration wait) throws InterruptedException;
}
