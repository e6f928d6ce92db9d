package dev.patchbay.hub.channel;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.hub.delivery.Outlets.Traits;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.plugin.PluginCalls;
import dev.patchbay.hub.plugin.PluginFault;
import dev.patchbay.hub.plugin.PluginOrigin;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Calls one account's plugin: to ask, to open, to close; each call is bounded. Safe for many threads. */
final class Opener {
    /** So many deliveries that never came back mean that the plugin is broken, not a message. */
    static final int STUCK_DELIVERIES = 16;

    /** With so many threads that never end, one more try would only make more of them. */
    private static final int STUCK_MAX = 1_000;

    private static final int STUCK_OPENINGS_MAX = 10;

    private final ChannelSettings settings;
    private final ChannelPlugin plugin;
    private final ChannelLimits limits;
    private final AccountLog log;

    /** Opening and closing, on platform threads: a busy loop on a virtual one would hold its carrier for ever. */
    private final PluginCalls openings;

    private final PluginCalls closings;

    /** Deliveries and requests, on virtual threads. */
    private final PluginCalls traffic;

    Opener(AccountSpec spec, ChannelPlugin plugin, ChannelLimits limits, AccountLog log, World world) {
        this.settings = spec.settings();
        this.plugin = plugin;
        this.limits = limits;
        this.log = log;
        String name = spec.channel() + "-" + spec.accountId();
        var calls = new PluginCalls.Source(name, PluginOrigin.of(plugin), world.clock(), world.alarm());
        openings = new PluginCalls(calls, PluginCalls.platformThreads());
        closings = new PluginCalls(calls, PluginCalls.platformThreads());
        traffic = new PluginCalls(calls, world.threads());
    }

    /** Asks what never changes while the plugin is loaded; null if it has not the settings it needs. */
    @Nullable
    Traits ask() throws PluginFault, InterruptedException {
        return openings.<@Nullable Traits>call(
                "settings", limits.start(), () -> plugin.isConfigured(settings) ? traits() : null);
    }

    private Traits traits() {
        return new Traits(
                Set.copyOf(plugin.capabilities(settings)),
                Objects.requireNonNull(plugin.textLimit(settings), "no text limit"),
                Objects.requireNonNull(plugin.pacing(settings), "no pacing"),
                plugin.groupIds().orElse(null));
    }

    boolean meetsStrangers() {
        return plugin.meetsStrangers();
    }

    /** @param isOutdated whether nobody wants the channel any more: who changes that also calls {@link #giveUp} */
    Channel open(AccountHost host, BooleanSupplier isOutdated) throws PluginFault, InterruptedException {
        return openings.call(
                "open",
                limits.start(),
                () -> {
                    if (isOutdated.getAsBoolean()) {
                        throw new CancellationException();
                    }
                    return Objects.requireNonNull(plugin.open(settings, host), "open gave no channel");
                },
                Channel::close);
    }

    /** Gives up an opening under way. */
    void giveUp() {
        openings.giveUpAll();
    }

    /** @param onLate called whenever a call had to be given up */
    Connection connect(Channel channel, Runnable onLate) {
        return new Connection(channel, traffic, limits.attempt(), log, onLate);
    }

    /** @param gently whether what is under way may end before */
    void shut(Connection connection, Channel channel, boolean gently) throws InterruptedException {
        connection.stopSending();
        if (gently) {
            connection.awaitQuiet();
            connection.awaitAnswered(limits.close());
        }
        try {
            closings.call("close", limits.close(), () -> {
                channel.close();
                return true;
            });
        } catch (PluginFault fault) {
            log.fault("close", fault);
        }
    }

    /** How many deliveries and requests were given up and have not ended yet. */
    int stuckTraffic() {
        return traffic.stuck();
    }

    /** Whether so many calls never ended that no other should be begun. */
    boolean isClogged() {
        return openings.stuck() >= STUCK_OPENINGS_MAX
                || closings.stuck() >= STUCK_OPENINGS_MAX
                || traffic.stuck() >= STUCK_MAX;
    }
}
