package dev.patchbay.hub.session;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToIntFunction;

/** Keeps lanes within their limit, those included that are still being stored. Safe for many threads. */
final class LaneRoom {
    private final ToIntFunction<String> depths;
    private final int limit;

    /** How many of a lane are being stored. */
    private final ConcurrentHashMap<String, Integer> arriving = new ConcurrentHashMap<>();

    /**
     * @param depths how many wait in a lane
     * @param limit most of them
     */
    LaneRoom(ToIntFunction<String> depths, int limit) {
        this.depths = depths;
        this.limit = limit;
    }

    /** Takes a place for one that is to be stored, to be left when it is, or is not; false if there is none. */
    boolean take(String lane) {
        var isFree = new AtomicBoolean();
        arriving.compute(lane, (each, some) -> {
            int before = some == null ? 0 : some;
            isFree.set(depths.applyAsInt(each) + before < limit);
            return isFree.get() ? Integer.valueOf(before + 1) : some;
        });
        return isFree.get();
    }

    void leave(String lane) {
        arriving.computeIfPresent(lane, (each, some) -> some == 1 ? null : some - 1);
    }
}
