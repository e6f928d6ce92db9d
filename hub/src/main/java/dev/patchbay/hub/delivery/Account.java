package dev.patchbay.hub.delivery;

import dev.patchbay.hub.store.LaneKey;

/** One configured account. */
record Account(String channel, String accountId) {
    static Account of(LaneKey lane) {
        return new Account(lane.channel(), lane.accountId());
    }
}
