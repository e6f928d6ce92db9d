package dev.patchbay.hub.channel;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.channel.ChannelStatus.State;
import dev.patchbay.hub.delivery.Outlets;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.plugin.PluginRefusal;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All accounts of all channels: opens them side by side, keeps them open, lets none of them harm another, and hands them over
 * when a plugin comes, changes or goes. Safe for many threads.
 */
public final class Channels implements Outlets, AutoCloseable {
    /** Shipped, but not needed by everybody: without their plugin and without a token they are no failure. */
    private static final Set<String> NEED_A_TOKEN = Set.of("telegram", "discord");

    /** Of all accounts, also of those that nobody can open; in the order of the configuration. Never changes. */
    private final Map<Key, Seat> seats = new LinkedHashMap<>();

    private final ChannelLimits limits;
    private final Reports reports;
    private final World world;
    private volatile Map<String, String> channelByPath;

    /** Whose threads run: also of accounts that are being handed over. Of the lock, as are the two below. */
    private final Set<Account> running = new LinkedHashSet<>();

    private AccountHost.@Nullable Surroundings surroundings;
    private boolean isClosing;

    private record Key(String channel, String accountId) {
        static Key of(String channel, String accountId) {
            return new Key(channel.toLowerCase(Locale.ROOT), accountId.toLowerCase(Locale.ROOT));
        }
    }

    /** Where news and counts go. */
    public record Reports(Events events, Meters meters) {}

    private interface Step<T> {
        void run(T each) throws InterruptedException;
    }

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
        this.limits = limits;
        this.reports = reports;
        this.world = world;
        for (AccountSpec spec : specs) {
            var seat = new Seat(spec, vacancy(spec));
            seats.put(Key.of(spec.channel(), spec.accountId()), seat);
            account(spec, plugins).ifPresent(seat::take);
        }
        channelByPath = paths(Map.of(), plugins, Set.of());
        sideBySide(accounts(), Account::survey);
    }

    /** Opens all accounts and returns at once; {@link #status} shows how far they are. To be called once. */
    public void start(InboundPort inbound) {
        synchronized (this) {
            surroundings = new AccountHost.Surroundings(inbound, reports);
        }
        accounts().stream().filter(account -> account.traits().isPresent()).forEach(account -> run(account, false));
    }

    /**
     * Waits until every account has been tried once.
     *
     * @return false if one still starts when the wait is over
     */
    public boolean awaitTried(Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        List<Account> all;
        synchronized (this) {
            all = List.copyOf(running);
        }
        for (Account account : all) {
            if (!account.awaitTried(end - System.nanoTime())) {
                return false;
            }
        }
        return true;
    }

    /** How every configured account is doing, in the order of the configuration. */
    public List<ChannelStatus> status() {
        return seats.values().stream().map(Seat::status).toList();
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

    /**
     * Whether an account's door is to be kept; so says the plugin that has the account now, also while it is being tried. One that
     * nobody has is closed to strangers: nobody can say that it meets none.
     */
    public boolean meetsStrangers(String channel, String accountId) {
        return account(channel, accountId).map(Account::meetsStrangers).orElse(true);
    }

    @Override
    public Optional<Traits> traits(String channel, String accountId) {
        return account(channel, accountId).flatMap(Account::traits);
    }

    @Override
    public Optional<Channel> open(String channel, String accountId) {
        return account(channel, accountId).flatMap(Account::outlet);
    }

    /**
     * Hands accounts over: those of {@code come} to these plugins, those of {@code gone} to nobody. Waits until what was used
     * before is used no more; bounded by the limits. One change at a time, after {@link #start}.
     *
     * <p>An account that worked must work again; one that is new or did not work may take its time.
     *
     * @throws PluginRefusal if one does not; then everything is as before
     */
    public void handOver(Map<String, ChannelPlugin> come, Set<String> gone) throws PluginRefusal, InterruptedException {
        List<Handover> all = seats.values().stream()
                .flatMap(seat -> account(seat.spec(), come).stream().map(fresh -> new Handover(seat, fresh, this::run)))
                .toList();
        sideBySide(all, Handover::survey);
        refuse(all);
        sideBySide(all, Handover::make);
        try {
            refuse(all);
        } catch (PluginRefusal refusal) {
            sideBySide(all, Handover::undo);
            throw refusal;
        }
        channelByPath = paths(channelByPath, come, gone);
        all.forEach(Handover::complete);
        sideBySide(seatsOf(gone), this::vacate);
    }

    /** Closes all accounts side by side and waits for them; bounded by the limits. Deliveries should have ended before. */
    @Override
    public synchronized void close() {
        isClosing = true;
        running.forEach(Account::close);
        try {
            while (!running.isEmpty()) {
                wait();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean run(Account account, boolean isPaused) {
        if (isClosing) {
            return false;
        }
        running.add(account);
        account.begin(Objects.requireNonNull(surroundings, "not started"));
        if (isPaused) {
            account.pause();
        }
        world.threads().execute(() -> {
            try {
                account.run();
            } finally {
                ended(account);
            }
        });
        return true;
    }

    private synchronized void ended(Account account) {
        running.remove(account);
        notifyAll();
    }

    private void vacate(Seat seat) throws InterruptedException {
        Account account = seat.account().orElse(null);
        if (account != null) {
            account.hold();
            account.close();
            seat.vacate(vacancy(seat.spec()));
            Standing.tell(reports.events(), seat.status());
        }
    }

    private static void refuse(List<Handover> all) throws PluginRefusal {
        Optional<String> trouble =
                all.stream().map(Handover::trouble).flatMap(Optional::stream).findFirst();
        if (trouble.isPresent()) {
            throw new PluginRefusal(trouble.get());
        }
    }

    private <T> void sideBySide(Collection<T> all, Step<T> step) throws InterruptedException {
        var done = new CountDownLatch(all.size());
        for (T each : all) {
            world.threads().execute(() -> {
                try {
                    step.run(each);
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                } finally {
                    done.countDown();
                }
            });
        }
        done.await();
    }

    private Optional<ChannelStatus> change(String channel, String accountId, Function<Account, ChannelStatus> change) {
        return Optional.ofNullable(seats.get(Key.of(channel, accountId)))
                .map(seat -> seat.account().map(change).orElseGet(seat::status));
    }

    private Optional<Account> account(String channel, String accountId) {
        return Optional.ofNullable(seats.get(Key.of(channel, accountId))).flatMap(Seat::account);
    }

    private Optional<Account> account(AccountSpec spec, Map<String, ChannelPlugin> plugins) {
        return Optional.ofNullable(plugins.get(spec.channel()))
                .map(plugin -> new Account(spec, plugin, limits, reports, world));
    }

    private List<Account> accounts() {
        return seats.values().stream()
                .map(Seat::account)
                .flatMap(Optional::stream)
                .toList();
    }

    private List<Seat> seatsOf(Set<String> channels) {
        return seats.values().stream()
                .filter(seat -> channels.contains(seat.spec().channel()))
                .toList();
    }

    private static Map<String, String> paths(
            Map<String, String> before, Map<String, ChannelPlugin> come, Set<String> gone) {
        var paths = new HashMap<>(before);
        paths.values().removeIf(channel -> come.containsKey(channel) || gone.contains(channel));
        come.forEach((type, plugin) -> plugin.httpPath().ifPresent(path -> paths.put(path, type)));
        return Map.copyOf(paths);
    }

    /** True for an account that lacks both its token and its plugin, which is how Telegram and Discord are when unused. */
    static boolean isUnusedWithoutPlugin(String channel, Settings account) {
        return NEED_A_TOKEN.contains(channel) && account.text("token").isEmpty();
    }

    private ChannelStatus vacancy(AccountSpec spec) {
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
                state == State.FAILED ? Optional.of("no plugin offers channel " + spec.channel()) : Optional.empty());
    }
}
