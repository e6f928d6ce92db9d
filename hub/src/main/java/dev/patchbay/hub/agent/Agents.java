package dev.patchbay.hub.agent;

import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.ReplySink;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.usage.Bill;
import dev.patchbay.hub.usage.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All agents of the configuration. Safe for many threads.
 *
 * <p>A turn first needs its agent's circuit breaker, then one of its places; the wait for a place is part of the timeout. A turn
 * that is too late is given up: the agent is interrupted, and if it goes on nevertheless it keeps its place but reaches nobody.
 * A failed turn goes to the fallback, which has limits of its own, unless pieces of an answer were shown already.
 */
public final class Agents implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Agents.class);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

    /** Longer than anybody waits. */
    public static final Duration UNLIMITED = Duration.ofDays(36_500);

    /** In the order of the configuration; whose agent it is never changes, which one it is may. */
    private final Map<String, AgentSlot> agents = new LinkedHashMap<>();

    private final Offer offer;
    private final World world;
    private final ThreadFactory threads;
    private final Usage usage;
    private final Asking asking;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Agents(Offer offer, Meters meters, World world, ThreadFactory threads, Usage usage) {
        this.offer = offer;
        this.world = world;
        this.threads = threads;
        this.usage = usage;
        this.asking = new Asking(agents, meters, world.stopwatch(), usage);
    }

    /** As {@link #open(List, Map, Offer, Meters, World, ThreadFactory, Usage)}: nothing is offered, nothing costs anything. */
    public static Agents open(
            List<AgentSpec> specs, Map<String, AgentPlugin> plugins, Meters meters, World world, ThreadFactory threads)
            throws InterruptedException {
        return open(specs, plugins, Offer.NOTHING, meters, world, threads, Usage.unlimited(meters, world));
    }

    /**
     * Opens every agent, one after the other. One that cannot be opened is there and fails every turn, so that its fallback
     * answers.
     *
     * @param plugins by type
     * @param offer what agents may ask of the hub
     * @param threads makes the virtual threads that agents run on
     * @param usage counts what they use, and says when they may not be asked
     */
    public static Agents open(
            List<AgentSpec> specs,
            Map<String, AgentPlugin> plugins,
            Offer offer,
            Meters meters,
            World world,
            ThreadFactory threads,
            Usage usage)
            throws InterruptedException {
        var all = new Agents(offer, meters, world, threads, usage);
        for (AgentSpec spec : specs) {
            var slot = new AgentSlot(all.open(spec, plugins.get(spec.type())));
            all.agents.put(spec.id(), slot);
            Map<String, String> name = Map.of("name", "agent:" + spec.id());
            meters.gauge("patchbay_breaker_state", name, () -> slot.agent().breakerLevel());
            if (slot.agent().agent() instanceof Staffed) {
                watchStaff(meters, spec.id(), slot);
            }
        }
        return all;
    }

    private static void watchStaff(Meters meters, String id, AgentSlot slot) {
        Map<String, String> agent = Map.of("agent", id);
        meters.gauge("patchbay_agent_workers", agent, () -> staff(slot.agent())
                .map(staff -> staff.members().size())
                .orElse(0));
        meters.gauge("patchbay_agent_worker_bytes", agent, () -> staff(slot.agent()).stream()
                .flatMap(staff -> staff.members().stream())
                .mapToLong(each -> Math.max(0, each.residentBytes()))
                .sum());
    }

    private GuardedAgent open(AgentSpec spec, @Nullable AgentPlugin plugin) throws InterruptedException {
        var means = new GuardedAgent.Means(world, threads, usage);
        try {
            return GuardedAgent.of(spec, Opening.open(spec, plugin, offer, threads), means);
        } catch (AgentFailed trouble) {
            String reason = String.valueOf(trouble.getMessage());
            log.error("Agent {} could not be opened: {}", spec.id(), reason);
            return GuardedAgent.missing(spec, reason, means);
        }
    }

    /** Agents that stand ready to take the place of others. One of its methods is to be called, once. */
    public final class Replacement {
        private final Map<String, GuardedAgent> fresh = new LinkedHashMap<>();

        private Replacement() {}

        /**
         * From now on turns go to the new ones. Turns under way end on the old ones, which are closed when they have.
         *
         * @param patience for the turns under way; those that are still not over then go on as long as they can
         */
        public void take(Duration patience) throws InterruptedException {
            var old = new ArrayList<GuardedAgent>();
            fresh.forEach((id, each) -> old.add(slot(id).replace(each)));
            long end = world.stopwatch().nanos() + patience.toNanos();
            for (GuardedAgent each : old) {
                if (!each.retire(
                        Duration.ofNanos(Math.max(0, end - world.stopwatch().nanos())))) {
                    log.warn(
                            "Agent {} is replaced although turns are under way",
                            each.spec().id());
                }
            }
            closeAll(old);
        }

        /** The old ones stay. */
        public void discard() {
            closeAll(fresh.values());
        }
    }

    /**
     * Opens agents anew, beside those that answer now. Blocks, at most its time to open for each.
     *
     * @param come plugins by type, for those who are to be opened by them
     * @param gone types that nobody offers any more: theirs will fail every turn
     * @throws AgentFailed if one cannot be opened that could be before; nothing has changed then
     */
    public Replacement replace(Map<String, AgentPlugin> come, Set<String> gone)
            throws AgentFailed, InterruptedException {
        var replacement = new Replacement();
        for (AgentSlot each : agents.values()) {
            AgentSpec spec = each.agent().spec();
            if (!come.containsKey(spec.type()) && !gone.contains(spec.type())) {
                continue;
            }
            GuardedAgent fresh = open(spec, come.get(spec.type()));
            replacement.fresh.put(spec.id(), fresh);
            if (fresh.trouble().isPresent() && each.agent().trouble().isEmpty() && come.containsKey(spec.type())) {
                replacement.discard();
                throw new AgentFailed(
                        "agent " + spec.id() + ": " + fresh.trouble().get());
            }
        }
        return replacement;
    }

    public boolean knows(String agentId) {
        return agents.containsKey(agentId);
    }

    /** In the order of the configuration. */
    public Set<String> ids() {
        return Collections.unmodifiableSet(agents.keySet());
    }

    public List<AgentStatus> status() {
        return agents.values().stream().map(AgentSlot::agent).map(this::status).toList();
    }

    private AgentStatus status(GuardedAgent agent) {
        AgentSpec spec = agent.spec();
        Optional<Staff> staff = staff(agent);
        return new AgentStatus(
                spec.id(),
                spec.type(),
                agent.breaker(),
                agent.running(),
                spec.maxConcurrent(),
                spec.timeout(),
                spec.fallback(),
                agent.trouble().or(() -> staff.flatMap(Staff::trouble)),
                staff,
                usage.purse(spec.id()).status());
    }

    private static Optional<Staff> staff(GuardedAgent agent) {
        return agent.agent() instanceof Staffed staffed ? Optional.of(staffed.staff()) : Optional.empty();
    }

    /**
     * Runs one turn and waits for its end: at most the timeout of the agent and those of its fallbacks. Interrupted, it
     * interrupts the agent and leaves at once.
     *
     * @param sink gets the answer, in one piece if the agent does not stream; from the agent's thread or the caller's, by one
     *     thread at a time, and never after this method has returned
     */
    public TurnResult run(String agentId, Turn turn, ReplySink sink) throws InterruptedException {
        try (Bill bill = bill()) {
            return run(agentId, turn, sink, bill);
        }
    }

    /**
     * As {@link #run(String, Turn, ReplySink)}, for a turn that nobody waits for. It stands beside the agent's places and its circuit
     * breaker, takes nothing from other turns and tells nothing about them, and gives way as soon as one begins.
     *
     * @param giveWay interrupts the calling thread; called when another turn of the agent begins, and at once if one runs
     */
    public TurnResult runAside(String agentId, Turn turn, ReplySink sink, Runnable giveWay, Bill bill)
            throws InterruptedException {
        return asking.answer(agentId, turn, sink, new Asking.Manner(AgentSpec::timeout, giveWay, bill));
    }

    /** Whether a turn of this agent runs, or waits for its place; one that stands beside them does not count. */
    public boolean isBusy(String agentId) {
        return knows(agentId) && slot(agentId).isBusy();
    }

    /**
     * As {@link #run(String, Turn, ReplySink)}, in a time of the caller's own that holds for the agent and its fallbacks together.
     *
     * @param most {@link #UNLIMITED} for as long as it takes
     */
    public TurnResult run(String agentId, Turn turn, ReplySink sink, Duration most, Bill bill)
            throws InterruptedException {
        long end = world.stopwatch().nanos() + most.toNanos();
        return asking.answer(
                agentId,
                turn,
                sink,
                new Asking.Manner(
                        unused -> Duration.ofNanos(
                                Math.max(0, end - world.stopwatch().nanos())),
                        null,
                        bill));
    }

    /** A bill for {@link #run(String, Turn, ReplySink, Bill)}; to be closed. */
    public Bill bill() {
        return usage.bill();
    }

    /**
     * As {@link #run(String, Turn, ReplySink)}, which writes down by itself what the turn has used; this one leaves it to the caller,
     * who commits it with the end of the turn.
     *
     * @param bill gets what the turn has used, also if it failed
     */
    public TurnResult run(String agentId, Turn turn, ReplySink sink, Bill bill) throws InterruptedException {
        return asking.answer(agentId, turn, sink, new Asking.Manner(AgentSpec::timeout, null, bill));
    }

    /** Closes every agent, side by side; waits at most 10 s. Called again, does nothing. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        closeAll(agents.values().stream().map(AgentSlot::agent).toList());
    }

    private void closeAll(Collection<GuardedAgent> all) {
        var closing = new ArrayList<Thread>();
        all.forEach(each -> {
            Thread thread = threads.newThread(() -> close(each));
            thread.setName("agent-close-" + each.spec().id());
            thread.start();
            closing.add(thread);
        });
        long end = world.stopwatch().nanos() + CLOSE_MAX.toNanos();
        try {
            for (Thread each : closing) {
                if (!each.join(
                        Duration.ofNanos(Math.max(1, end - world.stopwatch().nanos())))) {
                    log.warn("{} does not end and is left behind", each.getName());
                    each.interrupt();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private AgentSlot slot(String id) {
        return Objects.requireNonNull(agents.get(id), id);
    }

    private static void close(GuardedAgent guarded) {
        try {
            guarded.agent().close();
        } catch (Throwable anything) {
            log.warn(
                    "Agent {} broke while closing: {}",
                    guarded.spec().id(),
                    anything.getClass().getName());
        }
    }
}
