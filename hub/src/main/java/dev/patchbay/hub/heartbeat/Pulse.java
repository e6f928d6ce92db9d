package dev.patchbay.hub.heartbeat;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.lane.SortableIds;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.routing.SessionKey;
import dev.patchbay.hub.session.Address;
import dev.patchbay.hub.session.Cancellation;
import dev.patchbay.hub.session.OwnTurns.OwnTurn;
import dev.patchbay.hub.session.OwnTurns.Rank;
import dev.patchbay.hub.store.Besides;
import dev.patchbay.hub.store.StoredNote;
import dev.patchbay.hub.usage.Bill;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The heartbeat of one agent: one at a time. Safe for many threads. */
final class Pulse {
    private static final Logger log = LoggerFactory.getLogger(Pulse.class);

    private final HeartbeatSpec spec;
    private final Heartbeats.Means means;
    private final World world;
    private final SortableIds ids;
    private final Moments moments;
    private final SessionKey session;

    /** Held while a state is written that follows from the one before. */
    private final ReentrantLock stepping = new ReentrantLock();

    private volatile HeartbeatState state;
    private volatile Instant look;
    private @Nullable Cancellation running;
    private boolean isClosed;
    private String lastTrouble = "";

    /**
     * What is there at one moment.
     *
     * @param obstacle what is in the way
     * @param to who would hear of it
     */
    private record View(Optional<Check> obstacle, HeartbeatFile file, Optional<Address> to) {}

    /** Writes what is to be remembered, with whatever belongs to it. */
    @FunctionalInterface
    private interface Writing {
        void write(StoredNote note) throws InterruptedException;
    }

    Pulse(HeartbeatSpec spec, Heartbeats.Means means, World world, SortableIds ids) {
        this.spec = spec;
        this.means = means;
        this.world = world;
        this.ids = ids;
        this.moments = new Moments(spec.every(), world);
        this.session = SessionKey.heartbeat(spec.agentId());
        this.look = world.clock().instant();
        this.state = HeartbeatState.first(look);
    }

    /** Goes on where it was when the hub ran last. */
    void start() throws InterruptedException {
        Instant now = world.clock().instant();
        Optional<HeartbeatState> known =
                means.store().note(HeartbeatState.SCOPE, spec.agentId()).flatMap(HeartbeatState::read);
        if (known.isEmpty()) {
            state = HeartbeatState.first(moments.due(now));
            means.store().keep(state.note(spec.agentId()));
        } else {
            state = known.get().dueAt(moments.due(known.get().due(), now));
        }
        look = state.due().isAfter(now) ? state.due() : moments.madeUp(now);
    }

    boolean isEnabled() {
        return spec.isEnabled();
    }

    /** When to call {@link #onTime} next. */
    Instant look() {
        return look;
    }

    HeartbeatStatus status() throws InterruptedException {
        HeartbeatState now = state;
        return new HeartbeatStatus(
                spec.agentId(),
                spec.isEnabled(),
                now.lastRun(),
                spec.isEnabled() ? Optional.of(nextRun()) : Optional.empty(),
                now.lastResult(),
                view(false).obstacle(),
                now.error());
    }

    private Instant nextRun() {
        Instant next = look.isAfter(state.due()) ? look : state.due();
        return spec.hours()
                .filter(hours -> !hours.include(next))
                .map(hours -> hours.opening(next))
                .orElse(next);
    }

    /** Runs if nothing is in the way. */
    void onTime() throws InterruptedException {
        // Whatever breaks below: not at once again.
        look = moments.again(world.clock().instant());
        View view = view(false);
        if (view.obstacle().isEmpty()) {
            beat(view);
            return;
        }
        Instant now = world.clock().instant();
        Check why = view.obstacle().get();
        look = switch (why) {
            case INTERVAL -> state.due();
            case HOURS -> spec.hours().map(hours -> moments.opening(hours, now)).orElse(now);
            case DISABLED, FILE, CHANNEL_BUSY, AGENT_BUSY -> moments.again(now);
        };
        if (why != Check.INTERVAL) {
            skip(why, view.file());
        }
    }

    /** Runs whatever the time, if nothing else is in the way. */
    Outcome onDemand() throws InterruptedException {
        View view = view(true);
        return view.obstacle().isPresent() ? Outcome.skipped(view.obstacle().get()) : beat(view);
    }

    /** Ends the one that runs; none begins any more. */
    synchronized void close() {
        isClosed = true;
        if (running != null) {
            running.call();
        }
    }

    private View view(boolean isOnDemand) throws InterruptedException {
        Instant now = world.clock().instant();
        var nothing = new HeartbeatFile(Optional.empty(), Optional.empty());
        if (!spec.isEnabled()) {
            return new View(Optional.of(Check.DISABLED), nothing, Optional.empty());
        }
        if (!isOnDemand && now.isBefore(state.due())) {
            return new View(Optional.of(Check.INTERVAL), nothing, Optional.empty());
        }
        if (!isOnDemand && !spec.hours().map(hours -> hours.include(now)).orElse(true)) {
            return new View(Optional.of(Check.HOURS), nothing, Optional.empty());
        }
        HeartbeatFile file = HeartbeatFile.read(spec.file());
        if (file.text().isEmpty()) {
            return new View(Optional.of(Check.FILE), file, Optional.empty());
        }
        Optional<Address> to = means.targets().now(spec.target(), session);
        if (to.map(means::isBusy).orElse(false)) {
            return new View(Optional.of(Check.CHANNEL_BUSY), file, to);
        }
        boolean isBusy = isRunning() || means.agents().isBusy(spec.agentId());
        return new View(isBusy ? Optional.of(Check.AGENT_BUSY) : Optional.empty(), file, to);
    }

    private synchronized boolean isRunning() {
        return running != null;
    }

    private Outcome beat(View view) throws InterruptedException {
        var halt = new Cancellation();
        synchronized (this) {
            if (running != null || isClosed) {
                return Outcome.skipped(Check.AGENT_BUSY);
            }
            running = halt;
        }
        try {
            return beat(view, halt);
        } finally {
            synchronized (this) {
                running = null;
            }
        }
    }

    private Outcome beat(View view, Cancellation halt) throws InterruptedException {
        Instant began = world.clock().instant();
        Optional<String> nobody = means.targets().obstacle(spec.target(), view.to());
        if (nobody.isPresent()) {
            return became(now -> now.failed(began, moments.due(began), nobody.get()), Outcome.failed(nobody.get()));
        }
        try (Bill bill = means.turns().bill()) {
            return beat(
                    new OwnTurn(
                            ids.next(),
                            session,
                            Prompt.of(spec, view.file().text().orElseThrow(), began),
                            began,
                            view.to(),
                            Map.of("heartbeat", "true"),
                            bill),
                    halt);
        }
    }

    private Outcome beat(OwnTurn turn, Cancellation halt) throws InterruptedException {
        Instant began = turn.at();
        Optional<TurnResult> result = means.turns().ask(turn, Rank.GIVES_WAY, halt);
        if (result.isEmpty()) {
            return gaveWay();
        }
        OwnTurn said = turn.withText(Prompt.IN_TRANSCRIPT);
        return switch (result.get()) {
            case TurnResult.Silent silent -> silent(began);
            case TurnResult.Failed failed -> failed(said, failed, began);
            case TurnResult.Answered answered -> answered(said, answered, began);
        };
    }

    private Outcome gaveWay() throws InterruptedException {
        if (!isClosed()) {
            look = moments.afterGivingWay(world.clock().instant());
            skip(Check.AGENT_BUSY, new HeartbeatFile(Optional.empty(), Optional.empty()));
        }
        return Outcome.skipped(Check.AGENT_BUSY);
    }

    private synchronized boolean isClosed() {
        return isClosed;
    }

    private Outcome silent(Instant began) throws InterruptedException {
        return became(now -> now.ran(began, moments.due(began), Result.SILENT, now.said()), Outcome.silent());
    }

    /** The peer is never told: nobody has asked for anything. */
    private Outcome failed(OwnTurn turn, TurnResult.Failed failed, Instant began) throws InterruptedException {
        log.warn("The heartbeat of agent {} failed: {}", spec.agentId(), failed.reason());
        return end(
                turn.to(Optional.empty()),
                new TurnResult.Failed(failed.agentId(), failed.kind(), failed.reason(), Optional.empty()),
                now -> now.failed(began, moments.due(began), failed.reason()),
                Outcome.failed(failed.reason()));
    }

    private Outcome answered(OwnTurn turn, TurnResult.Answered answered, Instant began) throws InterruptedException {
        Optional<String> spoken = spec.silence().spoken(answered.text());
        List<Attachment> files = answered.reply().messages().stream()
                .flatMap(each -> each.attachments().stream())
                .toList();
        if (spoken.isEmpty() && files.isEmpty()) {
            return silent(began);
        }
        String text = spoken.orElse("");
        String content = files.isEmpty()
                ? text
                : text + files.stream().map(Attachment::url).collect(Collectors.joining(" ", " ", ""));
        Instant at = world.clock().instant();
        if (state.said().knows(content, at)) {
            return became(
                    now -> now.ran(began, moments.due(began), Result.DUPLICATE, now.said()),
                    Outcome.of(Result.DUPLICATE, text));
        }
        return end(
                turn,
                cut(answered, text, files),
                now -> now.ran(
                        began, moments.due(began), Result.SENT, now.said().with(content, at)),
                Outcome.of(Result.SENT, text));
    }

    /** The answer without the word that means silence, if it had it. */
    private static TurnResult.Answered cut(TurnResult.Answered answered, String text, List<Attachment> files) {
        if (text.equals(answered.text().strip())) {
            return answered;
        }
        Reply reply = answered.reply();
        var one = new Reply.Message(
                text,
                files,
                reply.messages().stream()
                        .flatMap(each -> each.buttons().stream())
                        .toList());
        return new TurnResult.Answered(
                answered.agentId(), new Reply(List.of(one), reply.inputTokens(), reply.outputTokens()), text);
    }

    private Outcome end(OwnTurn turn, TurnResult result, UnaryOperator<HeartbeatState> step, Outcome outcome)
            throws InterruptedException {
        return become(step, outcome, note -> {
            if (means.turns().end(turn, result, Besides.notes(List.of(note))).isEmpty()) {
                throw new IllegalStateException("the turn " + turn.messageId() + " has ended before");
            }
        });
    }

    private Outcome became(UnaryOperator<HeartbeatState> step, Outcome outcome) throws InterruptedException {
        return become(step, outcome, means.store()::keep);
    }

    private Outcome become(UnaryOperator<HeartbeatState> step, Outcome outcome, Writing writing)
            throws InterruptedException {
        stepping.lockInterruptibly();
        try {
            HeartbeatState next = step.apply(state);
            writing.write(next.note(spec.agentId()));
            state = next;
            look = next.due();
        } finally {
            stepping.unlock();
        }
        log.info(
                "Heartbeat of agent {}: {}{}",
                spec.agentId(),
                outcome.result().word(),
                outcome.error().map(why -> ", " + why).orElse(""));
        return outcome;
    }

    /** Written down once, however often something is in the way. */
    private void skip(Check why, HeartbeatFile file) throws InterruptedException {
        stepping.lockInterruptibly();
        try {
            String trouble = file.trouble().orElse("");
            if (!trouble.equals(lastTrouble) && !trouble.isEmpty()) {
                log.warn("The heartbeat of agent {} waits: {}", spec.agentId(), trouble);
            }
            lastTrouble = trouble;
            if (!state.lastResult().equals(Optional.of(Result.SKIPPED))) {
                log.info("Heartbeat of agent {}: skipped, {}", spec.agentId(), why.word());
                HeartbeatState skipped = state.skipped();
                means.store().keep(skipped.note(spec.agentId()));
                state = skipped;
            }
        } finally {
            stepping.unlock();
        }
    }
}
