package dev.patchbay.fakes.discord;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What is to go wrong for one bot on the gateway. Under the world's lock. */
final class GatewayScript {
    /** How an identify is answered when not with READY. */
    sealed interface Refusal {
        record Close(int code, String reason) implements Refusal {}

        /** Operation 9. */
        record Invalid() implements Refusal {}
    }

    private final Deque<Refusal> refusals = new ArrayDeque<>();
    private int duplicates;
    private int reversed;

    void refuseIdentify(Refusal refusal) {
        refusals.addLast(refusal);
    }

    @Nullable
    Refusal refusal() {
        return refusals.pollFirst();
    }

    void duplicate(int events) {
        duplicates = events;
    }

    void reverse(int events) {
        reversed = events;
    }

    /** Lifecycle events are left alone: the real ones come once and in order, and a client could not do without. */
    private static boolean isPlayable(String type) {
        return !type.equals("READY") && !type.equals("RESUMED") && !type.equals("GUILD_CREATE");
    }

    boolean duplicates(String type) {
        return duplicates > 0 && isPlayable(type) && duplicates-- > 0;
    }

    boolean reverses(String type) {
        return reversed > 0 && isPlayable(type);
    }

    boolean heldEnough(int held) {
        if (held < reversed) {
            return false;
        }
        reversed = 0;
        return true;
    }
}
