package dev.patchbay.hub.simulation;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/** What happened, as a number that two equal runs share, and the latest of it for people. */
final class Trace {
    private static final int KEPT = 50;

    private final ArrayDeque<String> latest = new ArrayDeque<>(KEPT);
    private final Consumer<String> listener;
    private long hash = 0xcbf29ce484222325L;

    /**
     * An empty trace.
     *
     * @param listener is told every event
     */
    Trace(Consumer<String> listener) {
        this.listener = listener;
    }

    /** Counts something in that is too frequent to be told. */
    void mix(long value) {
        hash = (hash ^ value) * 0x100000001b3L;
        hash ^= hash >>> 29;
    }

    void event(long step, Instant at, String what) {
        mix(at.getNano() + 31L * at.getEpochSecond());
        mix(what.hashCode());
        if (latest.size() == KEPT) {
            latest.removeFirst();
        }
        String line = "%7d %s %s".formatted(step, at, what);
        latest.addLast(line);
        listener.accept(line);
    }

    String hash() {
        return HexFormat.of().toHexDigits(hash);
    }

    /** Oldest first. */
    List<String> latest() {
        return List.copyOf(latest);
    }
}
