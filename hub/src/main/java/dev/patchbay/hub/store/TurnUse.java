package dev.patchbay.hub.store;

import java.util.List;

/**
 * What a turn has used, to be written in the same transaction as its end.
 *
 * @param counts added to what notes count
 * @param session added to the session's own sums
 */
public record TurnUse(List<Increase> counts, SessionUse session) {
    public static final TurnUse NONE = new TurnUse(List.of(), SessionUse.NONE);

    public TurnUse {
        counts = List.copyOf(counts);
    }
}
