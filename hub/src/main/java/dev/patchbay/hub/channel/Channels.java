package dev.patchbay.hub.channel;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.channel.ChannelStatus.State;
import dev.patchbay.hub.delivery.Outlets;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.Meters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All accounts of all channels: opens them side by side, keeps them open, lets none of them harm another. Safe for many
 * threads.
 */
public final class Channels implements Outlets, AutoCloseable {
    /** Shipped, but not needed by everybody: without their plugin and without a token they are no failure. */
    private static final Set<String> NEED_A_TOKEN = Set.of("telegram", "discord");

    private final Map<Key, Account> accounts = new LinkedHashMap<>();

    /** Of all accounts, also of those that nobody can open; in the order of the configuration. */
    private final Map<Key, Supplier<ChannelStatus>> statuses = new LinkedHashMap<>();

    private final List<Account> toOpen = new ArrayList<>();
    private final Map<String, String> channelByPath = new LinkedHashMap<>();
    private final Reports reports;
    private final World world;
    private CountDownLatch ended = new CountDownLatch(0);

    private record Key(String channel, String accountId) {
        static Key of(String channel, String accountId) {
            return new Key(channel.toLowerCase(Locale.ROOT), accountId.toLowerCase(Locale.ROOT));
        }
    }

    /** Where news and counts go. */
    public record Reports(Events events, Meters meters) {}

    /**
     * Learns what each account can do; opens nothing yet. Blocks, for a plugin that hangs at most {@code limits.start()}.
     *
     * @param plugins by channel name
     */
    public Channels(
            List<AccountSpec> specs,
            Map<String, ChannelPlugin> plugins,
            ChannelLimits limits,
            Reports reports,
            World world)
            throws InterruptedException {
        this.reports = reports;
        this.world = world;
        for (AccountSpec spec : specs) {
            Key key = Key.of(spec.channel(), spec.accountId());
            ChannelPlugin plugin = plugins.get(spec.channel());
            if (plugin == null) {
                ChannelStatus status = orphan(spec);
                statuses.put(key, () -> status);
            } else {
                var account = new Account(spec, plugin, limits, reports, world);
                accounts.put(key, account);
                statuses.put(key, account::status);
            }
        }
        plugins.forEach((type, plugin) -> plugin.httpPath().ifPresent(path -> channelByPath.put(path, type)));
        survey();
    }

    /** Opens all accounts and returns at once; {@link #status} shows how far they are. To be called once. */
    public synchronized void start(InboundPort inbound) {
        ended = new CountDownLatch(toOpen.size());
        var surroundings = new AccountHost.Surroundings(inbound, reports, world.clock());
        for (Account account : toOpen) {
            account.begin(surroundings);
            world.threads().execute(() -> {
                try {
                    account.run();
                } finally {
                    ended.countDown();
                }
            });
        }
    }

    /**
     * Waits until every account has been tried once.
     *
     * @return false if one still starts when the wait is over
     */
    public boolean awaitTried(Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        while (status().stream().anyMatch(each -> each.state() == ChannelStatus.State.STARTING)) {
            if (System.nanoTime() > end) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
        return true;
    }

    /** How every configured account is doing, in the order of the configuration. */
    public List<ChannelStatus> status() {
        return statuses.values().stream().map(Supplier::get).toList();
    }

    /**
     * Closes an account and opens it afresh, also one that is paused or has failed; returns at once. One that is not
     * configured or disabled stays as it is.
     *
     * @return how it is doing now; empty if there is no such account
     */
    public Optional<ChannelStatus> restart(String channel, String accountId) {
        return change(channel, accountId, Account::restart);
    }

    /** Disconnects an account until it is resumed or restarted, or the hub is; as {@link #restart}. */
    public Optional<ChannelStatus> pause(String channel, String accountId) {
        return change(channel, accountId, Account::pause);
    }

    /** Ends a pause; as {@link #restart}. */
    public Optional<ChannelStatus> resume(String channel, String accountId) {
        return change(channel, accountId, Account::resume);
    }

    /**
     * The account that takes in requests under {@code /path/account}.
     *
     * @return empty if there is none
     */
    public Optional<HttpTarget> httpTarget(String path, String accountId) {
        return Optional.ofNullable(channelByPath.get(path))
                .flatMap(channel -> account(channel, accountId))
                .filter(account -> account.traits().isPresent() && account.takesHttp())
                .map(HttpTarget::new);
    }

    @Override
    public Optional<Traits> traits(String channel, String accountId) {
        return account(channel, accountId).flatMap(Account::traits);
    }

    @Override
    public Optional<Channel> open(String channel, String accountId) {
        return account(channel, accountId).flatMap(Account::outlet);
    }

    /** Closes all accounts side by side and waits for them; bounded by the limits. Deliveries should have ended before. */
    @Override
    public synchronized void close() {
        toOpen.forEach(Account::close);
        try {
            ended.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void survey() throws InterruptedException {
        var all = List.copyOf(accounts.values());
        var isToOpen = new boolean[all.size()];
        var done = new CountDownLatch(all.size());
        for (int i = 0; i < isToOpen.length; i++) {
            int each = i;
            world.threads().execute(() -> {
                try {
                    isToOpen[each] = all.get(each).survey();
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                } finally {
                    done.countDown();
                }
            });
        }
        done.await();
        for (int i = 0; i < isToOpen.length; i++) {
            if (isToOpen[i]) {
                toOpen.add(all.get(i));
            }
        }
    }

    private Optional<ChannelStatus> change(
            String channel, String accountId, Function<Account, ChannelStatus> change) {
        return account(channel, accountId)
                .map(change)
                .or(() -> Optional.ofNullable(statuses.get(Key.of(channel, accountId))).map(Supplier::get));
    }

    private Optional<Account> account(String channel, String accountId) {
        return Optional.ofNullable(accounts.get(Key.of(channel, accountId)));
    }

    /** True for an account that lacks both its token and its plugin, which is how Telegram and Discord are when unused. */
    static boolean isUnusedWithoutPlugin(String channel, Settings account) {
        return NEED_A_TOKEN.contains(channel) && account.text("token").isEmpty();
    }

    private ChannelStatus orphan(AccountSpec spec) {
        State state = !spec.enabled()
                ? State.STOPPED
                : isUnusedWithoutPlugin(spec.channel(), spec.settings().account())
                        ? State.NOT_CONFIGURED
                        : State.FAILED;
        return new ChannelStatus(
                spec.channel(),
                spec.accountId(),
                state,
                world.clock().instant(),
                state == State.FAILED
                        ? Optional.of("no plugin offers channel " + spec.channel())
                        : Optional.empty());
    }
}
