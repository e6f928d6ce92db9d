package dev.patchbay.hub.session;

import org.jspecify.annotations.Nullable;

/**
 * A stored message on its way to its turn.
 *
 * @param bodyBytes length of its stored body
 * @param place grows with every message that comes
 * @param isRapid true if others that follow quickly may belong to it
 * @param kept all that its turn needs; null: to be read again
 */
record Waiting(String id, String sessionKey, int bodyBytes, long place, boolean isRapid, Turns.@Nullable Pending kept) {
    Waiting with(Turns.Pending pending) {
        return new Waiting(id, sessionKey, bodyBytes, place, pending.envelope().answerByQueue(), pending);
    }

    int keptChars() {
        return kept == null ? 0 : kept.envelope().text().length();
    }
}
