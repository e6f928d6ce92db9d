package dev.patchbay.hub;

import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.agent.Offer;
import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.attachment.FilesNamedInStore;
import dev.patchbay.hub.backup.Backups;
import dev.patchbay.hub.channel.Channels;
import dev.patchbay.hub.command.HubRunner;
import dev.patchbay.hub.config.HubConfig;
import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.config.Problem;
import dev.patchbay.hub.delivery.Backlog;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.gateway.AdminToken;
import dev.patchbay.hub.gateway.Gateway;
import dev.patchbay.hub.gateway.OpsDoor;
import dev.patchbay.hub.gateway.Token;
import dev.patchbay.hub.gateway.Tokens;
import dev.patchbay.hub.gateway.method.ChannelMethods;
import dev.patchbay.hub.gateway.method.ChatMethods;
import dev.patchbay.hub.gateway.method.DeliveryMethods;
import dev.patchbay.hub.gateway.method.EventMethods;
import dev.patchbay.hub.gateway.method.HubMethods;
import dev.patchbay.hub.gateway.method.MemoryMethods;
import dev.patchbay.hub.gateway.method.PluginMethods;
import dev.patchbay.hub.gateway.method.SessionMethods;
import dev.patchbay.hub.gateway.method.StoreMethods;
import dev.patchbay.hub.gateway.method.Subscriptions;
import dev.patchbay.hub.gateway.method.TaskMethods;
import dev.patchbay.hub.gateway.method.TraceMethods;
import dev.patchbay.hub.gateway.openai.Completions;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcRegistry;
import dev.patchbay.hub.lane.Origin;
import dev.patchbay.hub.lane.SteadyClock;
import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.lane.SystemAlarm;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.memory.HeapGuard;
import dev.patchbay.hub.metrics.PrometheusMeters;
import dev.patchbay.hub.plugin.LivePlugins;
import dev.patchbay.hub.plugin.PluginHost;
import dev.patchbay.hub.plugin.PluginInstaller;
import dev.patchbay.hub.plugin.PluginWatch;
import dev.patchbay.hub.recall.LineSearch;
import dev.patchbay.hub.session.Conversations;
import dev.patchbay.hub.session.PassingTurns;
import dev.patchbay.hub.session.Targets;
import dev.patchbay.hub.store.H2Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoreFolder;
import dev.patchbay.hub.task.Tasks;
import dev.patchbay.hub.usage.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds a hub: the one place where services are made and know each other. */
public final class HubAssembly implements HubRunner {
    private static final Logger log = LoggerFactory.getLogger(HubAssembly.class);

    /** Quick channels are open when the doors open; slow ones do not hold back the others. */
    private static final Duration CHANNELS_OPEN = Duration.ofSeconds(2);

    private final PluginRoom pluginRoom;
    private final String version;
    private final Mishaps mishaps;

    /** Reads where the hub is to fail on purpose; wrong names are an {@link IllegalArgumentException}. */
    @FunctionalInterface
    interface Mishaps {
        FailPoints read();
    }

    /**
     * Makes hubs of one distribution, in which nothing fails on purpose.
     *
     * @param home holds {@code plugins/}
     */
    public HubAssembly(Path home, String version) {
        this(home, version, () -> FailPoints.NONE);
    }

    HubAssembly(Path home, String version, Mishaps mishaps) {
        this.pluginRoom = new PluginRoom(home, version);
        this.version = version;
        this.mishaps = mishaps;
    }

    @Override
    public Inspection inspect(LoadedConfig loaded) {
        var threads = newThreads();
        try (threads;
                var alarm = new SystemAlarm(Clock.systemUTC())) {
            return pluginRoom.inspect(loaded, world(Clock.systemUTC(), alarm, threads, FailPoints.NONE));
        }
    }

    @Override
    public RunningHub start(LoadedConfig loaded, Supplier<LoadedConfig> again) throws NotStarted, InterruptedException {
        var closing = new Closing();
        Path data = loaded.config().hub().dataDir();
        FailPoints failPoints = StartTrouble.failPoints(mishaps);
        StartTrouble.refuseUnwritable(data);
        try {
            return assemble(loaded, again, closing, failPoints);
        } catch (StoreException refused) {
            closing.closeAll();
            throw StartTrouble.of(refused);
        } catch (IOException refused) {
            closing.closeAll();
            throw StartTrouble.of(refused, data);
        } catch (NotStarted | InterruptedException | RuntimeException | Error failed) {
            closing.closeAll();
            throw failed;
        }
    }

    private RunningHub assemble(
            LoadedConfig loaded, Supplier<LoadedConfig> again, Closing closing, FailPoints failPoints)
            throws NotStarted, InterruptedException, IOException {
        HubConfig config = loaded.config();
        ExecutorService threads = closing.add("threads", newThreads(), ExecutorService::shutdownNow);
        SteadyClock clock = SteadyClock.system();
        SystemAlarm alarm = closing.add("alarm", new SystemAlarm(clock));
        World world = world(clock, alarm, threads, failPoints);
        if (failPoints != FailPoints.NONE) {
            log.warn("Fail points are armed: this hub fails on purpose");
        }
        var meters = new PrometheusMeters();

        // The store first: it holds the lock, and without it nothing in the data folder may be touched.
        var backups = new Backups(Mapping.backups(config, version), world.clock());
        StoreFolder folder = storeFolder(config, world.clock());
        StoreOpening.Opened opened = new StoreOpening(config, backups, folder, world).open(meters);
        H2Store store = closing.add("store", opened.store());
        Backlog backlog = Backlog.of(store, world.threads());
        PluginHost plugins = closing.add("plugins", pluginRoom.open(config, world));
        LoadedConfig checked = PluginRoom.checked(loaded, plugins, world);
        if (checked.hasErrors()) {
            throw new NotStarted(
                    checked.problems().stream().filter(Problem::isError).toList());
        }

        AttachmentDesk files = closing.add(
                "attachments", new AttachmentDesk(Mapping.files(config), new FilesNamedInStore(store), world));
        files.prepare();
        files.reachedAt(Mapping.ownUrl(config, config.server().port()));
        var events = new Events(store, world.clock(), failPoints);
        LineSearch lines = closing.add("recall", lineSearch(store, config));
        Agents agents = closing.add(
                "agents",
                Agents.open(
                        Mapping.agents(config),
                        PluginRoom.agents(plugins, files, meters),
                        new Offer(new OwnMemory(lines), files),
                        meters,
                        world,
                        Origin.carriedBy(Thread.ofVirtual().name("agent-", 0).factory()),
                        Usage.open(Mapping.allowances(config), store, events, meters, world)));
        Channels channels = closing.add(
                "channels",
                new Channels(
                        Mapping.accounts(config),
                        plugins.channelPlugins(),
                        Mapping.limits(config),
                        new Channels.Reports(events, meters),
                        world));
        var deliveries = new Deliveries(store, channels, Mapping.policies(config), files::line, events, meters, world);
        var doors = new AtomicReference<@Nullable Gateway>();
        HeapGuard heap = closing.add("heap guard", HeapGuard.start(() -> {
            deliveries.forgetBodies();
            Optional.ofNullable(doors.get()).ifPresent(Gateway::shed);
        }));
        var talk = new TalkRoom(
                loaded, new TalkRoom.Means(store, agents, channels, deliveries, events, meters, heap), version, world);
        Tasks tasks = TaskRoom.open(config, store, agents, talk.inbox(), deliveries, events, world);
        var pulse = closing.add(
                "heartbeats and schedules",
                new PulseRoom(
                        config,
                        new PulseRoom.Means(
                                store,
                                talk.inbox(),
                                new Targets(talk.inbox().lastPeers(), store, deliveries),
                                deliveries,
                                agents),
                        world));
        var housekeeping = new Housekeeping(store, files, world);
        var storeRoom = new StoreRoom(store, folder, backups, events, housekeeping, world);
        LivePlugins live = closing.add(
                "plugin changes", new LivePlugins(plugins, new Takeover(loaded, agents, channels, events, world)));
        var opsRoom = new OpsRoom(
                config,
                new OpsRoom.Means(store, files, plugins, channels, agents, talk.inbox(), deliveries, lines, heap),
                storeRoom,
                events,
                clock,
                world);
        var ops = new OpsDoor(opsRoom.health(), version, meters::scrape, meters::latencies, housekeeping::optimize);
        var desk = new Desk(channels);
        Path dropIns = config.plugins().dir();

        var methods = new ArrayList<RpcMethod>();
        var subscriptions = new Subscriptions();
        Conversations conversations = talk.conversations();
        var completions = new Completions(
                new Completions.Rooms(conversations, new PassingTurns(agents, world), agents, files, events),
                world.clock());
        methods.addAll(new ChatMethods(conversations, files, events, subscriptions).all());
        methods.addAll(new SessionMethods(store, world.clock()).all());
        methods.addAll(new MemoryMethods(lines).all());
        methods.addAll(new DeliveryMethods(deliveries, files, store, world.clock()).all());
        methods.addAll(new TraceMethods(store).all());
        methods.addAll(new TaskMethods(tasks, config.defaultAgent()).all());
        methods.addAll(new ChannelMethods(desk, deliveries, store, world.clock()).all());
        methods.addAll(new PluginMethods(new PluginsDesk(plugins, live, new PluginInstaller(live, dropIns))).all());
        methods.addAll(talk.methods());
        methods.addAll(new EventMethods(events, subscriptions).all());
        methods.addAll(pulse.methods());
        methods.addAll(new StoreMethods(storeRoom).all());
        methods.addAll(new HubMethods(ops, agents, () -> Checks.report(inspected(again.get()))).all());

        // A hub that cannot open its doors must not poll with another one's accounts first.
        StartTrouble.refuseTaken(Mapping.gateway(config));
        Instant latest = housekeeping.latest();
        // What is queued leaves while the rest of it is still being read. But each takes up what is stored before
        // anybody can add to it: otherwise the same row would be found and handed in.
        channels.start(talk.port(files));
        deliveries.start(backlog, latest);
        talk.inbox().start(latest);
        tasks.start(latest);
        talk.openDoor();
        if (!channels.awaitTried(CHANNELS_OPEN)) {
            log.info("Some channels are still connecting; the doors open without them");
        }
        pulse.start(latest);
        Tokens tokens = tokens(config, failPoints);
        Gateway gateway;
        try {
            gateway = Gateway.start(
                    Mapping.gateway(config),
                    tokens,
                    new Gateway.Rooms(
                            RpcRegistry.selfDescribing(version, methods),
                            desk,
                            files,
                            ops,
                            Optional.of(completions),
                            heap),
                    meters,
                    world);
        } catch (IOException taken) {
            throw StartTrouble.listening(taken);
        }
        doors.set(gateway);
        files.reachedAt(Mapping.ownUrl(config, gateway.port()));
        housekeeping.start();
        opsRoom.start(meters);
        lines.start();
        closing.add("backups", storeRoom.schedule()).start();
        if (opened.restored().isPresent()) {
            events.record("store.restored", Map.of("what", opened.restored().get()));
        }
        if (config.plugins().watch()) {
            opsRoom.watchedBy(closing.add(
                    "plugin watch",
                    PluginWatch.start(
                            live,
                            dropIns,
                            world.clock(),
                            why -> events.publishPassing("plugins.watch", null, null, Map.of("reason", why)))));
        }
        return new Hub(
                config.server().tls().isPresent(),
                config.server().host(),
                gateway,
                List.of(pulse::drain, tasks::drain),
                talk.inbox(),
                deliveries,
                closing);
    }

    private static LineSearch lineSearch(H2Store store, HubConfig config) {
        Path data = config.hub().dataDir();
        return new LineSearch(
                store.transcripts(),
                data.resolve("index"),
                () -> data.toFile().getUsableSpace() - config.store().minFreeBytes(),
                Stopwatch.SYSTEM);
    }

    @Override
    public StoreTools storeTools(HubConfig config) {
        Clock clock = Clock.systemUTC();
        return new StoreShelf(storeFolder(config, clock), new Backups(Mapping.backups(config, version), clock));
    }

    private static StoreFolder storeFolder(HubConfig config, Clock clock) {
        return new StoreFolder(config.hub().dataDir(), config.store().url(), clock);
    }

    private static Tokens tokens(HubConfig config, FailPoints failPoints) throws IOException {
        List<Token> configured = Mapping.tokens(config);
        return new Tokens(
                configured.isEmpty()
                        ? List.of(AdminToken.loadOrCreate(config.hub().dataDir(), new SecureRandom(), failPoints))
                        : configured,
                config.tenants());
    }

    private LoadedConfig inspected(LoadedConfig loaded) {
        return loaded.with(inspect(loaded).problems());
    }

    private static ExecutorService newThreads() {
        return Executors.newThreadPerTaskExecutor(
                Origin.carriedBy(Thread.ofVirtual().name("hub-", 0).factory()));
    }

    private static World world(Clock clock, SystemAlarm alarm, ExecutorService threads, FailPoints failPoints) {
        return new World(clock, alarm, threads, new Random(), Stopwatch.SYSTEM, failPoints);
    }
}
