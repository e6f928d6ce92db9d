package dev.patchbay.hub.simulation;

import org.jspecify.annotations.Nullable;

/** A hub that takes requests. */
record Serving(Life life, Core core) {

    /** Where those who want something find it; null while it is down. */
    @FunctionalInterface
    interface Finder {
        @Nullable
        Serving find();
    }
}
