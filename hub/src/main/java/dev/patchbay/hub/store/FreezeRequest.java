package dev.patchbay.hub.store;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Asks the writer's thread for the file as it is after the next commit. One thread asks, the writer's thread answers. */
final class FreezeRequest {
    private @Nullable Frozen frozen;
    private boolean isWithdrawn;

    /** The file after one commit. */
    record Frozen(UUID storeId, long commitNumber, H2Freeze file) {}

    /** Called by the writer's thread; an answer that nobody waits for any more is closed. */
    synchronized void answer(Frozen answer) {
        if (isWithdrawn) {
            answer.file().close();
        } else {
            frozen = answer;
        }
    }

    /** The answer; afterwards none is taken. */
    synchronized @Nullable Frozen take() {
        isWithdrawn = true;
        return frozen;
    }
}
