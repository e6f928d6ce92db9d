package dev.patchbay.hub.channel;

import static dev.patchbay.hub.channel.ChannelStatus.State.STARTING;

import dev.patchbay.hub.channel.ChannelStatus.State;
import dev.patchbay.hub.event.Events;
import java.time.Clock;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How one account is doing, as the log, the clients and the health report are told. Safe for many threads. */
final class Standing {
    private final AccountLog log;
    private final Events events;
    private final Clock clock;
    private final CountDownLatch tried = new CountDownLatch(1);
    private ChannelStatus status;
    private boolean isRetired;

    Standing(AccountSpec spec, State first, AccountLog log, Events events, Clock clock) {
        this.log = log;
        this.events = events;
        this.clock = clock;
        status = new ChannelStatus(spec.channel(), spec.accountId(), first, clock.instant(), Optional.empty());
    }

    synchronized ChannelStatus status() {
        return status;
    }

    /** Waits until the account has been open or has failed for the first time; false if that takes longer. */
    boolean awaitTried(long nanos) throws InterruptedException {
        return tried.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** As above, for as long as it takes. */
    void awaitTried() throws InterruptedException {
        tried.await();
    }

    /** From now on the account is spoken of no more. */
    synchronized void retire() {
        isRetired = true;
    }

    /** Tells whoever listens, if that is news. */
    synchronized void become(State state, @Nullable String error) {
        if (state != STARTING) {
            tried.countDown();
        }
        Optional<String> lastError = Optional.ofNullable(error);
        if (state == status.state() && lastError.equals(status.lastError())) {
            return;
        }
        var since = state == status.state() ? status.since() : clock.instant();
        status = new ChannelStatus(status.channel(), status.accountId(), state, since, lastError);
        if (!isRetired) {
            log.state(status);
            tell(events, status);
        }
    }

    /** Tells clients how an account is doing now. */
    static void tell(Events events, ChannelStatus now) {
        var fields = new HashMap<String, String>();
        fields.put("channel", now.channel());
        fields.put("account_id", now.accountId());
        fields.put("state", now.state().word());
        fields.put("since", now.since().toString());
        now.lastError().ifPresent(text -> fields.put("last_error", text));
        events.publishPassing("channel.state", null, null, fields);
    }
}
