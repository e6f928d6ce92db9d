package dev.patchbay.hub.heartbeat;

import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.lane.SortableIds;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.session.Address;
import dev.patchbay.hub.session.OwnTurns;
import dev.patchbay.hub.session.Targets;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets agents speak up by themselves. At most {@value #AT_ONCE_MAX} that their time has brought run at once, the others wait; each
 * gives way to whoever wants its agent. Safe for many threads.
 */
public final class Heartbeats implements AutoCloseable {
    static final int AT_ONCE_MAX = 4;

    private static final Logger log = LoggerFactory.getLogger(Heartbeats.class);

    private final Map<String, Pulse> pulses = new LinkedHashMap<>();
    private final Means means;
    private final World world;
    private final SortableIds ids;
    private final Deque<Pulse> waiting = new ArrayDeque<>();
    private int running;
    private volatile boolean isClosed;

    /** What is needed for it. */
    public record Means(Store store, OwnTurns turns, Targets targets, Deliveries deliveries, Agents agents) {
        boolean isBusy(Address to) {
            return deliveries.isBusy(to.channel(), to.accountId(), to.peer(), to.threadId());
        }
    }

    /** Heartbeats that do not beat before {@link #start}. */
    public Heartbeats(List<HeartbeatSpec> specs, Means means, World world) {
        this.means = means;
        this.world = world;
        this.ids = new SortableIds(world.clock(), world.random());
        specs.forEach(spec -> pulses.put(spec.agentId(), new Pulse(spec, means, world, ids)));
    }

    /**
     * Goes on where they were. Called once.
     *
     * @param latest how far the hub's time had come when it ran last
     */
    public void start(Instant latest) throws InterruptedException {
        // It is written down once a minute.
        ids.startAfter(latest.plus(Duration.ofMinutes(1)));
        for (Pulse each : pulses.values()) {
            if (each.isEnabled()) {
                each.start();
                arm(each);
            }
        }
    }

    /** Of every agent, in the order of the configuration. */
    public List<HeartbeatStatus> status() throws InterruptedException {
        var all = new ArrayList<HeartbeatStatus>();
        for (String agent : means.agents().ids()) {
            Pulse pulse = pulses.get(agent);
            all.add(
                    pulse != null
                            ? pulse.status()
                            : new HeartbeatStatus(
                                    agent,
                                    false,
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.of(Check.DISABLED),
                                    Optional.empty()));
        }
        return all;
    }

    /**
     * Runs one now, whatever the hour and however short a time ago the last one was. Blocks until it is over.
     *
     * @return empty if there is no such agent
     * @throws StoreException if its end could not be stored; nothing was said then
     */
    public Optional<Outcome> run(String agentId) throws InterruptedException {
        if (!means.agents().knows(agentId)) {
            return Optional.empty();
        }
        Pulse pulse = pulses.get(agentId);
        return Optional.of(pulse == null || isClosed ? Outcome.skipped(Check.DISABLED) : pulse.onDemand());
    }

    /** Interrupts those that run; none begins any more. */
    @Override
    public void close() {
        isClosed = true;
        pulses.values().forEach(Pulse::close);
    }

    private void arm(Pulse pulse) {
        world.alarm().at(pulse.look(), () -> ring(pulse));
    }

    private synchronized void ring(Pulse pulse) {
        if (isClosed) {
            return;
        }
        if (running == AT_ONCE_MAX) {
            waiting.addLast(pulse);
            return;
        }
        running++;
        world.threads().execute(() -> work(pulse));
    }

    private void work(Pulse first) {
        for (Pulse pulse = first; pulse != null; pulse = next()) {
            try {
                pulse.onTime();
            } catch (StoreException later) {
                log.warn("A heartbeat is tried again later: {}", later.getMessage());
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | Error bug) {
                log.error("A heartbeat broke", bug);
            }
            arm(pulse);
        }
    }

    private synchronized @Nullable Pulse next() {
        Pulse next = isClosed ? null : waiting.pollFirst();
        if (next == null) {
            running--;
        }
        return next;
    }
}
