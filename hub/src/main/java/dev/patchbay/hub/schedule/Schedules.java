package dev.patchbay.hub.schedule;

import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.schedule.ScheduleSpec.Source;
import dev.patchbay.hub.session.OwnTurns;
import dev.patchbay.hub.session.Targets;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredNote;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins turns at given times: schedules of the configuration, which only the file changes, and those of the API, which are kept. At
 * most {@value #AT_ONCE_MAX} run at once, the others wait. A time that comes while the one before still runs, or that was missed while
 * the hub was down, is made up once. Safe for many threads.
 */
public final class Schedules implements AutoCloseable {
    /** Of the API and of the file, each. */
    public static final int MAX = 1_000;

    /** Characters of what an agent is told. */
    public static final int TEXT_MAX = 4_000;

    static final int AT_ONCE_MAX = 20;

    /** A schedule of the API that has no time any more is shown for so long. */
    static final Duration DONE_KEPT = Duration.ofDays(7);

    private static final Logger log = LoggerFactory.getLogger(Schedules.class);
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

    private final List<ScheduleSpec> configured;
    private final Means means;
    private final World world;

    /** One changes the table at a time; never held by a turn. */
    private final ReentrantLock changing = new ReentrantLock();

    /** By name; guarded by itself. */
    private final Map<String, ScheduledTurns> table = new TreeMap<>();

    private int running;
    private @Nullable Instant alarmAt;
    private volatile boolean isClosed;

    /** What is needed for it. */
    public record Means(Store store, OwnTurns turns, Targets targets, Agents agents) {}

    /**
     * Schedules that begin nothing before {@link #start}.
     *
     * @param configured those of the file, with names that differ
     */
    public Schedules(List<ScheduleSpec> configured, Means means, World world) {
        this.configured = List.copyOf(configured);
        this.means = means;
        this.world = world;
    }

    /** Goes on where they were when the hub ran last. Called once. */
    public void start() throws InterruptedException {
        Map<String, ScheduleNotes.State> states = states();
        Set<String> unknown = new TreeSet<>(states.keySet());
        for (ScheduleSpec spec : configured) {
            unknown.remove(spec.name());
            take(spec, states);
        }
        for (StoredNote note : means.store().notes(ScheduleNotes.MADE)) {
            unknown.remove(note.name());
            if (find(note.name()) != null) {
                log.warn("Schedule {} of the API rests: the file has one of that name", note.name());
                continue;
            }
            Optional<ScheduleSpec> spec = ScheduleNotes.spec(note);
            if (spec.isEmpty()) {
                log.error("Schedule {} cannot be read", note.name());
                continue;
            }
            take(spec.get(), states);
        }
        for (String name : unknown) {
            means.store().keep(new StoredNote(ScheduleNotes.STATES, name, ""));
        }
        ring();
    }

    /** All of them, by name. */
    public List<ScheduleStatus> list() {
        synchronized (table) {
            return table.values().stream().map(ScheduledTurns::status).toList();
        }
    }

    /**
     * Makes a schedule. It is on disk when this returns.
     *
     * @param spec of the API
     * @throws ScheduleRefused if the name is taken or wrong, there is no such agent or target, or there are too many
     */
    public ScheduleStatus create(ScheduleSpec spec) throws ScheduleRefused, InterruptedException {
        check(spec);
        changing.lockInterruptibly();
        try {
            if (find(spec.name()) != null) {
                throw new ScheduleRefused("name", "there is a schedule of this name");
            }
            makeRoom();
            StoredNote note;
            try {
                note = ScheduleNotes.write(spec);
            } catch (IllegalArgumentException tooLong) {
                throw new ScheduleRefused("text", "is too long to be kept");
            }
            if (means.store().note(ScheduleNotes.STATES, spec.name()).isPresent()) {
                // What an earlier one of this name has left behind belongs to nobody.
                means.store().keep(new StoredNote(ScheduleNotes.STATES, spec.name(), ""));
            }
            means.store().keep(note);
            var made = new ScheduledTurns(spec, ScheduleNotes.State.first(spec), means, world);
            synchronized (table) {
                table.put(spec.name(), made);
            }
            ring();
            return made.status();
        } finally {
            changing.unlock();
        }
    }

    /**
     * Takes a schedule of the API away; a turn of it that runs is ended.
     *
     * @return false if there is none of this name
     * @throws ScheduleRefused if it is one of the file
     */
    public boolean delete(String name) throws ScheduleRefused, InterruptedException {
        changing.lockInterruptibly();
        try {
            ScheduledTurns found = find(name);
            if (found == null) {
                return false;
            }
            if (found.spec().source() == Source.CONFIG) {
                throw new ScheduleRefused(
                        "name", "is a schedule of the configuration file; take it out there and restart the hub");
            }
            forget(found);
            return true;
        } finally {
            changing.unlock();
        }
    }

    /** Interrupts those that run; none begins any more. Those run again after the next start. */
    @Override
    public void close() {
        isClosed = true;
        synchronized (table) {
            table.values().forEach(ScheduledTurns::halt);
        }
    }

    private Map<String, ScheduleNotes.State> states() throws InterruptedException {
        var states = new HashMap<String, ScheduleNotes.State>();
        for (StoredNote note : means.store().notes(ScheduleNotes.STATES)) {
            ScheduleNotes.state(note).ifPresent(state -> states.put(note.name(), state));
        }
        return states;
    }

    private void take(ScheduleSpec spec, Map<String, ScheduleNotes.State> states) throws InterruptedException {
        ScheduleNotes.State state = states.get(spec.name());
        ScheduledTurns taken;
        if (state != null && state.isOf(spec)) {
            taken = new ScheduledTurns(ScheduledTurns.since(spec, state.since()), state, means, world);
        } else {
            ScheduleNotes.State first = ScheduleNotes.State.first(spec);
            // Else the next start would not know what was missed.
            means.store().keep(ScheduleNotes.write(spec.name(), first));
            taken = new ScheduledTurns(spec, first, means, world);
        }
        synchronized (table) {
            table.put(spec.name(), taken);
        }
    }

    private @Nullable ScheduledTurns find(String name) {
        synchronized (table) {
            return table.get(name);
        }
    }

    private void check(ScheduleSpec spec) throws ScheduleRefused {
        if (!NAME.matcher(spec.name()).matches()) {
            throw new ScheduleRefused("name", "takes a-z, 0-9, - and _, at most 64, no - or _ in front");
        }
        if (!means.agents().knows(spec.agentId())) {
            throw new ScheduleRefused("agent_id", "there is no such agent");
        }
        if (spec.text().isBlank() || spec.text().length() > TEXT_MAX) {
            throw new ScheduleRefused("text", "takes 1 to " + TEXT_MAX + " characters");
        }
        if (spec.timing() instanceof Timing.At(Instant moment) && !moment.isAfter(spec.since())) {
            throw new ScheduleRefused("at", "is over");
        }
        try {
            means.targets().check(spec.target());
        } catch (IllegalArgumentException unreachable) {
            throw new ScheduleRefused("deliver", String.valueOf(unreachable.getMessage()));
        }
    }

    /** What is done goes when it is old, and when its place is needed. */
    private void makeRoom() throws ScheduleRefused, InterruptedException {
        Instant old = world.clock().instant().minus(DONE_KEPT);
        List<ScheduledTurns> made;
        synchronized (table) {
            made = table.values().stream()
                    .filter(each -> each.spec().source() == Source.API)
                    .toList();
        }
        List<ScheduledTurns> done = made.stream()
                .filter(ScheduledTurns::isDone)
                .sorted(Comparator.comparing(each -> each.lastRun().orElse(Instant.EPOCH)))
                .toList();
        int left = made.size();
        for (ScheduledTurns each : done) {
            if (left >= MAX || each.lastRun().orElse(Instant.EPOCH).isBefore(old)) {
                forget(each);
                left--;
            }
        }
        if (left >= MAX) {
            throw new ScheduleRefused("name", "there are " + MAX + " schedules already; delete one first");
        }
    }

    private void forget(ScheduledTurns gone) throws InterruptedException {
        String name = gone.spec().name();
        means.store().keep(new StoredNote(ScheduleNotes.MADE, name, ""));
        gone.forget();
        synchronized (table) {
            table.remove(name);
        }
        means.store().keep(new StoredNote(ScheduleNotes.STATES, name, ""));
    }

    // ---- time

    /** Begins what is due, and sets the alarm for what comes next. Never blocks for long. */
    private void ring() {
        Instant now = world.clock().instant();
        synchronized (table) {
            if (isClosed) {
                return;
            }
            if (alarmAt != null && !alarmAt.isAfter(now)) {
                alarmAt = null;
            }
            List<ScheduledTurns> idle = table.values().stream()
                    .filter(each -> each.due().isPresent())
                    .sorted(Comparator.comparing(each -> each.due().orElseThrow()))
                    .toList();
            for (ScheduledTurns each : idle) {
                Instant due = each.due().orElseThrow();
                if (due.isAfter(now)) {
                    arm(due);
                    return;
                }
                if (running == AT_ONCE_MAX) {
                    // Whoever is over comes here again.
                    return;
                }
                running++;
                each.begin();
                world.threads().execute(() -> work(each));
            }
        }
    }

    private void arm(Instant due) {
        if (alarmAt == null || due.isBefore(alarmAt)) {
            alarmAt = due;
            world.alarm().at(due, this::ring);
        }
    }

    private void work(ScheduledTurns turns) {
        try {
            turns.run();
        } catch (StoreException later) {
            log.warn("Schedule {} is tried again later: {}", turns.spec().name(), later.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error bug) {
            log.error("Schedule {} broke", turns.spec().name(), bug);
        } finally {
            synchronized (table) {
                running--;
                turns.over();
            }
            ring();
        }
    }
}
