package dev.patchbay.hub.channel;

import static dev.patchbay.hub.channel.ChannelStatus.State.DEGRADED;
import static dev.patchbay.hub.channel.ChannelStatus.State.FAILED;
import static dev.patchbay.hub.channel.ChannelStatus.State.NOT_CONFIGURED;
import static dev.patchbay.hub.channel.ChannelStatus.State.PAUSED;
import static dev.patchbay.hub.channel.ChannelStatus.State.RUNNING;
import static dev.patchbay.hub.channel.ChannelStatus.State.STARTING;
import static dev.patchbay.hub.channel.ChannelStatus.State.STOPPED;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost.Condition;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.api.HttpAnswer;
import dev.patchbay.api.HttpCall;
import dev.patchbay.hub.channel.ChannelStatus.State;
import dev.patchbay.hub.delivery.Outlets.Traits;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.plugin.PluginFault;
import dev.patchbay.hub.plugin.PluginOrigin;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one account open: opens it, watches it, opens it again with a back-off, closes it. All of that happens on one thread of
 * the account's own, in {@link #run}; everybody else only says what is wanted. Safe for many threads.
 */
final class Account implements Runnable {
    private static final Logger logger = LoggerFactory.getLogger(Account.class);
    private static final Duration STUCK_PAUSE = Duration.ofMinutes(1);
    private static final String RETRY_AFTER_SECONDS = "5";

    private final AccountSpec spec;
    private final World world;
    private final AccountLog log;
    private final Restarts restarts;
    private final Opener opener;
    private final Standing standing;
    private Wish wish = Wish.OPEN;

    /** Somebody wants something else than what is being done. */
    private boolean changed;

    private AccountHost.@Nullable Surroundings hub;
    private @Nullable Opening current;
    private volatile @Nullable Traits traits;

    /** Through which messages and requests go; null while none may. Written with the lock. */
    private volatile @Nullable Connection open;

    /** What was wanted before the account was held. */
    private Wish beforeHold = Wish.OPEN;

    /** The account's own thread has nothing open and waits, or has ended. */
    private boolean resting;

    private enum Wish {
        OPEN,
        PAUSE,
        /** As a pause, while another plugin tries the account. */
        HOLD,
        CLOSE
    }

    Account(AccountSpec spec, ChannelPlugin plugin, ChannelLimits limits, Channels.Reports reports, World world) {
        this.spec = spec;
        this.world = world;
        log = new AccountLog(PluginOrigin.of(plugin).pluginId(), spec.settings(), world.clock());
        opener = new Opener(spec, plugin, limits, log, world);
        standing = new Standing(spec, spec.enabled() ? STARTING : STOPPED, log, reports.events(), world.clock());
        restarts = new Restarts(world.random());
    }

    /**
     * Asks the plugin what never changes while it is loaded. To be called once, before everything else; afterwards {@link #traits}
     * is empty if there is nothing to open.
     */
    void survey() throws InterruptedException {
        if (!spec.enabled()) {
            return;
        }
        try {
            traits = opener.ask();
            if (traits == null) {
                become(NOT_CONFIGURED, null);
            }
        } catch (PluginFault fault) {
            log.fault("settings", fault);
            become(FAILED, log.tidy("the plugin cannot use its settings: " + fault.getMessage()));
        }
    }

    /** What the account can do, open or not; empty if it will not be opened, whatever happens. */
    Optional<Traits> traits() {
        return Optional.ofNullable(traits);
    }

    boolean meetsStrangers() {
        return opener.meetsStrangers();
    }

    ChannelStatus status() {
        return standing.status();
    }

    /** Waits until the account has been open or has failed for the first time; false if that takes longer. */
    boolean awaitTried(long nanos) throws InterruptedException {
        return standing.awaitTried(nanos);
    }

    /** As above, for as long as it takes: opening is bounded. */
    void awaitTried() throws InterruptedException {
        standing.awaitTried();
    }

    Optional<Channel> outlet() {
        return Optional.ofNullable(open);
    }

    /** False if it is certain that this account has no use for requests. */
    boolean takesHttp() {
        Connection connection = open;
        return connection == null || connection.takesHttp();
    }

    HttpAnswer receive(HttpCall call) throws InterruptedException {
        Connection connection = open;
        return connection == null
                ? Connection.error(503, "the account is not open").with("Retry-After", RETRY_AFTER_SECONDS)
                : connection.receive(call);
    }

    // ---- what is wanted

    /** Disconnects the account and keeps it so. */
    ChannelStatus pause() {
        return want(Wish.PAUSE, PAUSED);
    }

    /** Ends a pause; nothing else. */
    ChannelStatus resume() {
        synchronized (this) {
            if (wish != Wish.PAUSE) {
                return status();
            }
        }
        return want(Wish.OPEN, STARTING);
    }

    /** Closes the account, if it is open, and opens it afresh; what failed before is forgotten. */
    ChannelStatus restart() {
        return want(Wish.OPEN, STARTING);
    }

    /** Disconnects the account for ever; {@link #run} returns when that is done. */
    void close() {
        want(Wish.CLOSE, STOPPED);
    }

    /** Whether an operator has taken the account off its platform. */
    synchronized boolean isPaused() {
        return wish == Wish.PAUSE || (wish == Wish.HOLD && beforeHold == Wish.PAUSE);
    }

    /**
     * Disconnects the account so that another plugin can be tried in its place, and waits until its channel is closed. Deliveries
     * and requests under way end before; each of these waits is bounded.
     */
    void hold() throws InterruptedException {
        synchronized (this) {
            if (hub == null || wish == Wish.CLOSE) {
                return;
            }
            beforeHold = wish;
        }
        want(Wish.HOLD, isPaused() ? PAUSED : STARTING);
        synchronized (this) {
            while (!resting && wish == Wish.HOLD) {
                wait();
            }
        }
    }

    /** As {@link #close}, for one whose place another has taken: it is spoken of no more. */
    synchronized void retire() {
        standing.retire();
        close();
    }

    /** Ends a hold: the account goes on as before it. */
    synchronized void letGo() {
        if (wish == Wish.HOLD) {
            wish = beforeHold;
            become(wish == Wish.PAUSE ? PAUSED : STARTING, null);
            notifyAll();
        }
    }

    private ChannelStatus want(Wish wanted, State meanwhile) {
        synchronized (this) {
            boolean isHeld = wish == Wish.HOLD && wanted != Wish.CLOSE;
            if (hub == null || wish == Wish.CLOSE || isHeld) {
                return status();
            }
            wish = wanted;
            changed = true;
            restarts.forget();
            become(meanwhile, null);
            notifyAll();
            // With the lock: without it this could hit the opening that follows.
            opener.giveUp();
            return status();
        }
    }

    // ---- the account's own thread

    /** From now on wishes are heard; {@link #run} must follow. */
    synchronized void begin(AccountHost.Surroundings surroundings) {
        hub = surroundings;
    }

    @Override
    public void run() {
        Thread.currentThread().setName("account-" + spec.channel() + "-" + spec.accountId());
        try {
            for (var opening = next(); opening != null; opening = next()) {
                serve(opening);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error failure) {
            logger.error("channel={} account={} is supervised no more", spec.channel(), spec.accountId(), failure);
            become(FAILED, "internal error; the log has the details");
        } finally {
            rests();
        }
    }

    private synchronized void rests() {
        resting = true;
        notifyAll();
    }

    /** Waits until the account is to be open; null if it never will be again. */
    private synchronized @Nullable Opening next() throws InterruptedException {
        while (wish == Wish.PAUSE || wish == Wish.HOLD) {
            rests();
            wait();
        }
        resting = false;
        if (wish == Wish.CLOSE) {
            return null;
        }
        changed = false;
        current = new Opening();
        become(STARTING, null);
        return current;
    }

    private void serve(Opening opening) throws InterruptedException {
        var host = new AccountHost(
                spec.settings(), Objects.requireNonNull(hub), (condition, why) -> reported(opening, condition, why));
        try {
            Channel channel = opener.open(host, this::isOutdated);
            var connection = opener.connect(channel, () -> wentMissing(opening));
            opened(opening, connection);
            awaitEnd(opening);
            opener.shut(connection, channel, status().state() != STOPPED);
        } catch (PluginFault fault) {
            host.end();
            failed(opening, fault);
        } finally {
            host.end();
        }
        rest(opening);
    }

    /** Who wants something else meanwhile either is seen here or gives the call up. */
    private synchronized boolean isOutdated() {
        return changed;
    }

    private synchronized void opened(Opening opening, Connection connection) {
        opening.connection = connection;
        show(opening);
    }

    private synchronized void awaitEnd(Opening opening) throws InterruptedException {
        Instant since = now();
        while (!changed && opening.broken == null) {
            wait();
        }
        restarts.worked(Duration.between(since, now()));
        current = null;
        if (opening.broken != null && !changed) {
            planNext(opening);
        }
    }

    private synchronized void failed(Opening opening, PluginFault fault) {
        current = null;
        if (changed) {
            return;
        }
        log.fault("open", fault);
        if (opening.reported == Condition.FAILED) {
            // The plugin has said that trying again is useless before somebody acts.
            opening.broken = opening.reason;
            become(FAILED, opening.reason);
        } else {
            opening.broken = log.tidy(String.valueOf(fault.getMessage()));
            planNext(opening);
        }
    }

    /** With the lock. First the alarm, then the news: who hears of the failure may rely on the next try being planned. */
    private void planNext(Opening opening) {
        Restarts.Next next = restarts.after(now());
        opening.next = next.at();
        world.alarm().at(opening.next, this, Account::nudge);
        become(FAILED, opening.broken + (next.parked() ? Restarts.PARKED + opening.next : ""));
    }

    /** After a failure: waits until the account may be opened again, or somebody wants something else. */
    private synchronized void rest(Opening opening) throws InterruptedException {
        while (opening.broken != null && !changed && (now().isBefore(opening.next) || opener.isClogged())) {
            if (!now().isBefore(opening.next)) {
                opening.next = now().plus(STUCK_PAUSE);
                world.alarm().at(opening.next, this, Account::nudge);
                become(FAILED, opening.broken + "; too many calls into the plugin never ended: restart the hub");
            }
            wait();
        }
    }

    private synchronized void nudge() {
        notifyAll();
    }

    // ---- what the plugin does

    private synchronized void reported(Opening opening, Condition condition, String reason) {
        opening.reported = Objects.requireNonNull(condition, "condition");
        opening.reason = log.tidy(reason);
        if (opening.connection != null) {
            show(opening);
        }
    }

    private synchronized void wentMissing(Opening opening) {
        if (opener.stuckTraffic() >= Opener.STUCK_DELIVERIES) {
            opening.broken = opener.stuckTraffic() + " calls into the plugin did not come back";
            notifyAll();
        }
    }

    /** With the lock: an open channel is what it says it is, unless something else is wanted. */
    private void show(Opening opening) {
        if (opening != current || changed || opening.broken != null) {
            return;
        }
        switch (opening.reported) {
            case RUNNING -> become(RUNNING, null);
            case DEGRADED -> become(DEGRADED, opening.reason);
            case FAILED -> become(FAILED, opening.reason);
        }
    }

    private synchronized void become(State state, @Nullable String error) {
        open = state.isOpen() && current != null ? current.connection : null;
        standing.become(state, error);
    }

    private Instant now() {
        return world.clock().instant();
    }
}
