package dev.patchbay.hub.delivery;

import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/**
 * Who waits to be served: first come, first served, the urgent before the others, but never eight in a row while others wait.
 * Guarded by the {@link LaneBook}.
 */
final class Line<T> {
    private static final int URGENT_IN_A_ROW = 7;

    private final LinkedHashSet<T> urgent = new LinkedHashSet<>(2);
    private final LinkedHashSet<T> others = new LinkedHashSet<>(2);
    private int inARow;

    /** Adds one at the end; one that stands there already keeps its place unless its urgency changes. */
    void add(T one, boolean isUrgent) {
        (isUrgent ? others : urgent).remove(one);
        (isUrgent ? urgent : others).add(one);
    }

    void remove(T one) {
        urgent.remove(one);
        others.remove(one);
    }

    /** Takes the next one; null if nobody waits. */
    @Nullable
    T poll() {
        if (urgent.isEmpty() || (inARow >= URGENT_IN_A_ROW && !others.isEmpty())) {
            inARow = 0;
            return others.isEmpty() ? null : others.removeFirst();
        }
        inARow = others.isEmpty() ? 0 : inARow + 1;
        return urgent.removeFirst();
    }

    boolean isEmpty() {
        return urgent.isEmpty() && others.isEmpty();
    }

    boolean hasUrgent() {
        return !urgent.isEmpty();
    }
}
