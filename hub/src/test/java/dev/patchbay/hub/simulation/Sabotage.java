package dev.patchbay.hub.simulation;

import dev.patchbay.hub.store.Store;

/** What is broken on purpose, to see whether the judge sees it. */
enum Sabotage {
    NONE;

    Store ofStore(Store whole) {
        return whole;
    }
}
