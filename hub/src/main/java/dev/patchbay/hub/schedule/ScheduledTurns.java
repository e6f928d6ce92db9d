package dev.patchbay.hub.schedule;

import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.routing.SessionKey;
import dev.patchbay.hub.schedule.ScheduleNotes.State;
import dev.patchbay.hub.schedule.ScheduleStatus.Result;
import dev.patchbay.hub.session.Address;
import dev.patchbay.hub.session.Cancellation;
import dev.patchbay.hub.session.OwnTurns.OwnTurn;
import dev.patchbay.hub.session.OwnTurns.Rank;
import dev.patchbay.hub.store.Besides;
import dev.patchbay.hub.usage.Bill;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The turns of one schedule, one at a time. Safe for many threads. */
final class ScheduledTurns {
    private static final Logger log = LoggerFactory.getLogger(ScheduledTurns.class);

    /** After trouble of the hub's own. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private static final int ERROR_MAX = 500;
    private static final int ID_BYTES = 16;

    private final ScheduleSpec spec;
    private final Schedules.Means means;
    private final World world;
    private final SessionKey session;
    private State state;
    private Instant notBefore = Instant.EPOCH;
    private boolean isRunning;
    private boolean isForgotten;
    private @Nullable Cancellation halt;

    ScheduledTurns(ScheduleSpec spec, State state, Schedules.Means means, World world) {
        this.spec = spec;
        this.state = state;
        this.means = means;
        this.world = world;
        this.session = SessionKey.schedule(spec.agentId(), spec.name());
    }

    /** The same schedule, reckoned from when it was first seen. */
    static ScheduleSpec since(ScheduleSpec spec, Instant since) {
        Timing timing = spec.timing() instanceof Timing.Every(Duration period, Instant unused)
                ? new Timing.Every(period, since)
                : spec.timing();
        return new ScheduleSpec(spec.name(), timing, spec.agentId(), spec.text(), spec.target(), spec.source(), since);
    }

    ScheduleSpec spec() {
        return spec;
    }

    synchronized ScheduleStatus status() {
        return new ScheduleStatus(spec, state.next(), state.lastRun(), state.lastResult(), state.error());
    }

    synchronized boolean isDone() {
        return state.next().isEmpty();
    }

    synchronized Optional<Instant> lastRun() {
        return state.lastRun();
    }

    /** When it is to begin; empty while it runs, and if there is no time any more. */
    synchronized Optional<Instant> due() {
        return isRunning || isForgotten
                ? Optional.empty()
                : state.next().map(next -> next.isBefore(notBefore) ? notBefore : next);
    }

    synchronized void begin() {
        isRunning = true;
    }

    synchronized void over() {
        isRunning = false;
    }

    synchronized void halt() {
        if (halt != null) {
            halt.call();
        }
    }

    synchronized void forget() {
        isForgotten = true;
        halt();
    }

    /** Runs what is due. */
    void run() throws InterruptedException {
        Instant began = world.clock().instant();
        Instant due;
        var mine = new Cancellation();
        synchronized (this) {
            // Whatever breaks below: not at once again.
            notBefore = began.plus(PAUSE);
            if (isForgotten || state.next().isEmpty()) {
                return;
            }
            due = state.next().get();
            halt = mine;
        }
        try {
            run(due, began, mine);
        } finally {
            synchronized (this) {
                halt = null;
            }
        }
    }

    private void run(Instant due, Instant began, Cancellation mine) throws InterruptedException {
        Optional<Address> to = means.targets().now(spec.target(), session);
        Optional<String> nobody = means.targets().obstacle(spec.target(), to);
        if (nobody.isPresent()) {
            State next = after(due, began, Result.FAILED, nobody);
            means.store().keep(ScheduleNotes.write(spec.name(), next));
            became(next);
            return;
        }
        try (Bill bill = means.turns().bill()) {
            run(
                    new OwnTurn(id(due), session, spec.text(), due, to, Map.of("schedule", spec.name()), bill),
                    began,
                    mine);
        }
    }

    private void run(OwnTurn turn, Instant began, Cancellation mine) throws InterruptedException {
        Instant due = turn.at();
        Optional<TurnResult> asked = means.turns().ask(turn, Rank.EQUAL, mine);
        if (asked.isEmpty() || isForgotten()) {
            return;
        }
        State next =
                switch (asked.get()) {
                    case TurnResult.Answered answered -> after(due, began, Result.SENT, Optional.empty());
                    case TurnResult.Silent silent -> after(due, began, Result.SILENT, Optional.empty());
                    case TurnResult.Failed failed -> after(due, began, Result.FAILED, Optional.of(failed.reason()));
                };
        var besides = Besides.notes(List.of(ScheduleNotes.write(spec.name(), next)));
        if (means.turns().end(turn, asked.get(), besides).isEmpty()) {
            log.warn("Schedule {} has run for {} before", spec.name(), due);
            means.store().keep(ScheduleNotes.write(spec.name(), next));
        }
        became(next);
    }

    /** The same time has the same id: whatever happens in between, its turn ends once. */
    private String id(Instant due) {
        String time = String.join("\n", spec.name(), spec.since().toString(), due.toString());
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(time.getBytes(StandardCharsets.UTF_8));
            return "schedule-" + HexFormat.of().formatHex(digest, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private synchronized boolean isForgotten() {
        return isForgotten;
    }

    /** What was due in between is made up by one. */
    private State after(Instant due, Instant began, Result result, Optional<String> error) {
        return new State(
                ScheduleNotes.fingerprint(spec),
                spec.since(),
                spec.timing().next(due.isAfter(began) ? due : began),
                Optional.of(began),
                Optional.of(result),
                error.map(why -> why.length() > ERROR_MAX ? why.substring(0, ERROR_MAX) : why));
    }

    private synchronized void became(State next) {
        state = next;
        notBefore = Instant.EPOCH;
        log.info(
                "Schedule {}: {}{}",
                spec.name(),
                next.lastResult().map(Result::word).orElse(""),
                next.error().map(why -> ", " + why).orElse(""));
    }
}
