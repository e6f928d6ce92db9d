package dev.patchbay.hub.channel;

import dev.patchbay.hub.channel.ChannelStatus.State;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One account goes over to another plugin, or to another version of its own. Many platforms allow one connection per account, so
 * the old channel is closed before the new one is opened, and opened again if the new one cannot be. What is queued waits
 * meanwhile. For one thread at a time; each step waits for its end, which is bounded.
 */
final class Handover {
    /** Lets an account run; false if none may any more. */
    interface Opener {
        boolean run(Account account, boolean isPaused);
    }

    private final Seat seat;
    private final Account fresh;
    private final Opener opener;
    private final @Nullable Account old;

    /** Whether messages got through before: only then is it the newcomer's fault if they do not afterwards. */
    private final boolean worked;

    Handover(Seat seat, Account fresh, Opener opener) {
        this.seat = seat;
        this.fresh = fresh;
        this.opener = opener;
        this.old = seat.account().orElse(null);
        this.worked = seat.status().state().isOpen();
    }

    /** Lets the new plugin look at the settings; nothing is open yet. */
    void survey() throws InterruptedException {
        fresh.survey();
    }

    /** Closes the old channel and opens the new one. */
    void make() throws InterruptedException {
        boolean isPaused = false;
        if (old != null) {
            isPaused = old.isPaused();
            old.hold();
        }
        seat.take(fresh);
        boolean runs = fresh.traits().isPresent() && opener.run(fresh, isPaused);
        if (runs && worked) {
            fresh.awaitTried();
        }
    }

    /** Why the new one will not do, after {@link #survey} or {@link #make}; empty if it does, or the old one did not either. */
    Optional<String> trouble() {
        ChannelStatus now = fresh.status();
        boolean hopeful = now.state().isOpen() || now.state() == State.STARTING || now.state() == State.PAUSED;
        if (!worked || hopeful) {
            return Optional.empty();
        }
        String what = now.state() == State.NOT_CONFIGURED ? "it takes the account for not configured" : "";
        return Optional.of(
                now.channel() + ":" + now.accountId() + ": " + now.lastError().orElse(what));
    }

    /** Closes the new channel and opens the old one again. */
    void undo() throws InterruptedException {
        fresh.hold();
        fresh.retire();
        if (old != null) {
            seat.take(old);
            old.letGo();
        }
    }

    /** There is no way back any more. */
    void complete() {
        if (old != null) {
            old.retire();
        }
    }
}
