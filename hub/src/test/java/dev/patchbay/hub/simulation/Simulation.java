package dev.patchbay.hub.simulation;

import dev.patchbay.api.Pacing;
import dev.patchbay.api.Pacing.Limit.Bucket;
import dev.patchbay.api.Pacing.Limit.Window;
import dev.patchbay.api.Peer;
import dev.patchbay.api.TextLimit;
import dev.patchbay.hub.delivery.Outlets;
import dev.patchbay.hub.routing.DmScope;
import dev.patchbay.hub.store.MemoryStore;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run: a storm in which the hub is killed and restarted, then fine weather until everything has come to its end, then the verdict. */
final class Simulation {
    private static final int LOOK_EVERY = 64;
    private static final Duration PATIENCE = Duration.ofHours(6);
    private static final long STEPS_MAX = 400_000;

    /** Long enough for what is still on its way. */
    private static final Duration AFTERMATH = Duration.ofSeconds(20);

    /** By then agents that were told to stop have done so. */
    private static final Duration AGENTS_END = Duration.ofMinutes(3);

    private static final Duration STOP_MAX = Duration.ofSeconds(30);

    private static final Pacing TELEGRAM = new Pacing(
            List.of(new Window(30, Duration.ofSeconds(1))),
            List.of(new Window(1, Duration.ofSeconds(1))),
            List.of(new Window(1, Duration.ofSeconds(1)), new Window(20, Duration.ofSeconds(60))));

    private static final Pacing DISCORD = new Pacing(
            List.of(new Bucket(50, Duration.ofMillis(20))),
            List.of(new Bucket(5, Duration.ofSeconds(1))),
            List.of(new Bucket(5, Duration.ofSeconds(1))));

    private final long seed;
    private final Plan plan;
    private final Sabotage sabotage;
    private final Trace trace;
    private final Timeline timeline;
    private final Judge judge;
    private final Storm storm;
    private final Chance chance;
    private final Life world;
    private final Weathercock diskWeather;
    private final List<Platform> platforms = new ArrayList<>();
    private final List<Talker> talkers = new ArrayList<>();
    private final Bulk bulk;
    private final Polled polled;
    private MemoryStore stored;
    private Life hub;
    private Core.Accounts accounts;
    private @Nullable Serving serving;
    private boolean isStopping;
    private int lives;
    private int kills;
    private int stops;

    /**
     * How a run ended.
     *
     * @param messages questions asked and bulk messages queued
     * @param kills how often the hub was killed
     * @param stops how often it was stopped in order
     */
    record Outcome(
            long seed,
            long steps,
            String hash,
            Duration time,
            int messages,
            int kills,
            int stops,
            int faults,
            int repeats,
            List<String> objections,
            List<String> latest) {

        /** For people: what is wrong, what happened before, and how to see it again. */
        String report() {
            return "seed %d, step %d:%n  %s%nthe latest events:%n%s%nrepeat it: scripts/simulate --from %d --seeds 1 --trace"
                    .formatted(
                            seed,
                            steps,
                            String.join(System.lineSeparator() + "  ", objections),
                            String.join(System.lineSeparator(), latest),
                            seed);
        }
    }

    private Simulation(long seed, Sabotage sabotage, Consumer<String> listener) {
        trace = new Trace(listener);
        this.seed = seed;
        this.sabotage = sabotage;
        plan = new Plan(seed);
        timeline = new Timeline(seed, trace);
        judge = new Judge(timeline);
        storm = new Storm(timeline);
        chance = new Chance(seed, "hub");
        world = new Life(timeline, thrown -> judge.object("the world broke: " + thrown));
        diskWeather = new Weathercock(
                timeline, world, new Chance(seed, "disk weather"), "disk", plan.disk.calm(), plan.disk.outage());
        var means = new Sender.Means(timeline, world, () -> serving, judge);
        Platform telegram = platform("telegram", TELEGRAM, 120, true, false, plan.telegram);
        Platform discord = platform("discord", DISCORD, 200, false, true, plan.discord);
        Platform webhook = platform("webhook", Pacing.NONE, 100_000, false, false, plan.webhook);
        polled = new Polled(means, telegram, new Chance(seed, "polled"));
        for (int i = 0; i < plan.telegram.peers(); i++) {
            Peer.Kind kind = i % 3 == 2 ? Peer.Kind.GROUP : Peer.Kind.DIRECT;
            polled.begin(talker(telegram, i, kind, null));
        }
        for (int i = 0; i < plan.discord.peers(); i++) {
            Peer.Kind kind = i % 2 == 0 ? Peer.Kind.CHANNEL : Peer.Kind.DIRECT;
            sender(means, discord, talker(discord, i, kind, i % 4 == 2 ? "thread" : null), false);
        }
        for (int i = 0; i < plan.webhook.peers(); i++) {
            sender(means, webhook, talker(webhook, i, Peer.Kind.DIRECT, null), i % 2 == 1);
        }
        bulk = new Bulk(means, new Chance(seed, "bulk"), talkers, chance.below(20), Duration.ofSeconds(3));
        bulk.begin();
        hub = newLife();
        stored = new MemoryStore(timeline.clock(), disk());
        accounts = new Core.Accounts(platforms, sabotage);
        boot();
    }

    /** Runs one seed to its end. Nothing is left behind but garbage. */
    static Outcome run(long seed) {
        return run(seed, Sabotage.NONE, event -> {});
    }

    /**
     * As {@link #run(long)}.
     *
     * @param listener is told every event of the trace
     */
    static Outcome run(long seed, Sabotage sabotage, Consumer<String> listener) {
        var simulation = new Simulation(seed, sabotage, listener);
        try {
            simulation.run();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            simulation.judge.object("interrupted");
        } catch (RuntimeException broken) {
            var trouble = new StringWriter();
            broken.printStackTrace(new PrintWriter(trouble, true));
            simulation.judge.object("the simulation broke: " + trouble);
        } finally {
            simulation.hub.end();
            simulation.world.end();
        }
        return simulation.outcome();
    }

    private Outcome outcome() {
        return new Outcome(
                seed,
                timeline.steps(),
                trace.hash(),
                Duration.ofNanos(timeline.nanos()),
                talkers.stream().mapToInt(each -> each.questions.size()).sum() + bulk.taken.size(),
                kills,
                stops,
                storm.faults()
                        + diskWeather.outages()
                        + platforms.stream()
                                .mapToInt(each -> each.weather.outages())
                                .sum(),
                judge.repeats(),
                List.copyOf(judge.objections()),
                trace.latest());
    }

    // ---- the course of things

    private void run() throws InterruptedException {
        Instant end = null;
        while (judge.objections().isEmpty()) {
            Long next = plan.ends.ceiling(0L);
            if (next != null && timeline.steps() >= next && !storm.isOver()) {
                plan.ends.remove(next);
                endHub();
            }
            if (!timeline.step()) {
                judge.object("nothing happens any more");
            }
            if (timeline.steps() % LOOK_EVERY == 0) {
                lookAtBounds();
                if (!storm.isOver() && (timeline.steps() >= plan.stormSteps || isAllDone())) {
                    clear();
                    end = timeline.now().plus(PATIENCE);
                } else if (storm.isOver() && isAllDone()) {
                    break;
                }
            }
            if ((end != null && timeline.now().isAfter(end)) || timeline.steps() > STEPS_MAX) {
                judge.object("does not come to an end: " + unfinished());
            }
        }
        Instant quiet = timeline.now().plus(AFTERMATH);
        Instant last = quiet.plus(AGENTS_END);
        while (judge.objections().isEmpty()
                && (timeline.now().isBefore(quiet)
                        || (hub.running() > 1 && timeline.now().isBefore(last)))
                && timeline.step()) {
            // Whatever still comes now must be harmless.
        }
        if (judge.objections().isEmpty()) {
            lookAtThreads();
            Verdict.give(stored, plan, judge, talkers, bulk);
        }
    }

    private void clear() {
        timeline.event("the storm is over");
        storm.end();
        diskWeather.clear();
        platforms.forEach(each -> each.weather.clear());
        if (serving != null) {
            platforms.forEach(each -> accounts.open(each, hub));
        }
    }

    private boolean isAllDone() throws InterruptedException {
        return serving != null
                && bulk.isOver()
                && platforms.stream().allMatch(this::hasSaidAll)
                && talkers.stream()
                        .flatMap(each -> each.questions.stream())
                        .allMatch(each -> each.isAcknowledged && each.waits == 0)
                && stored.pendingInbound(0, 1).isEmpty()
                && stored.openDeliveries(0, 1).isEmpty();
    }

    private boolean hasSaidAll(Platform platform) {
        return talkers.stream()
                .filter(each -> each.channel.equals(platform.channel))
                .allMatch(each -> each.questions.size() == platform.plan().messagesEach());
    }

    private String unfinished() throws InterruptedException {
        return "inbox " + stored.pendingInbound(0, 5) + ", deliveries " + stored.openDeliveries(0, 5) + ", not taken "
                + talkers.stream()
                        .flatMap(each -> each.questions.stream())
                        .filter(each -> !each.isAcknowledged)
                        .map(each -> each.text)
                        .toList();
    }

    private void lookAtBounds() throws InterruptedException {
        int pending = stored.pendingInbound(0, 1_000).size();
        // Where all direct chats share one, groups and channels still have their own.
        long sessions = plan.dmScope == DmScope.MAIN
                ? 1
                        + talkers.stream()
                                .filter(each -> each.peer.kind() != Peer.Kind.DIRECT)
                                .count()
                : talkers.size();
        // Those who say stop have lanes of their own.
        int lanes = plan.stops > 0 ? 2 : 1;
        if (pending > lanes * sessions * plan.laneLimit + talkers.size() + storm.deniedMessages()) {
            judge.object("the inbox holds " + pending + " messages");
        }
    }

    private void lookAtThreads() {
        // The one that polls never ends.
        if (hub.running() > 1) {
            judge.object(hub.running() + " threads are left behind");
        }
    }

    // ---- lives of the hub

    private Life newLife() {
        lives++;
        return new Life(timeline, thrown -> judge.object("a thread of the hub broke: " + thrown));
    }

    private Disk disk() {
        return new Disk(timeline, hub, new Chance(seed, "disk" + lives), plan.disk, diskWeather, storm);
    }

    private void boot() {
        Life life = hub;
        Core.Accounts its = accounts;
        Store store = stored;
        long coreSeed = chance.next();
        var agents = new ScriptedAgents(life, new Chance(seed, "agents" + lives), plan.agents, storm, judge);
        life.execute(() -> {
            try {
                var core = new Core(new Core.Ground(life, store, plan, platforms, agents, sabotage), its, coreSeed);
                timeline.event("the hub serves");
                serving = new Serving(life, core);
                platforms.forEach(each -> openLater(each, life, its));
                polled.poll(serving);
            } catch (StoreException cannotStart) {
                timeline.event("the hub cannot start: " + cannotStart.getMessage());
                timeline.in(Duration.ofMillis(1), world, () -> restart(life));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void openLater(Platform platform, Life life, Core.Accounts its) {
        timeline.in(chance.upTo(Duration.ofSeconds(2)), life, () -> {
            its.open(platform, life);
            timeline.event(platform.channel + " is open");
            if (!storm.isOver() && chance.happens(0.3)) {
                timeline.in(chance.upTo(Duration.ofMinutes(3)), life, () -> {
                    if (!storm.isOver()) {
                        storm.fault(platform.channel + " is closed");
                        its.close(platform);
                        openLater(platform, life, its);
                    }
                });
            }
        });
    }

    private void endHub() throws InterruptedException {
        Serving last = serving;
        if (last == null || isStopping || chance.happens(0.7)) {
            kills++;
            timeline.event("KILL");
            die(false);
        } else {
            stops++;
            timeline.event("STOP");
            isStopping = true;
            Life life = hub;
            life.execute(() -> {
                try {
                    boolean atRest = last.core().drain(STOP_MAX);
                    timeline.event("stopped, " + (atRest ? "at rest" : "too late"));
                    timeline.in(Duration.ofNanos(1), world, () -> stopped(life, atRest));
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    private void stopped(Life life, boolean atRest) {
        if (!life.isOver()) {
            try {
                die(atRest);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void restart(Life life) {
        if (!life.isOver()) {
            try {
                die(false);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void die(boolean atRest) throws InterruptedException {
        hub.end();
        serving = null;
        isStopping = false;
        for (Talker.Question each :
                talkers.stream().flatMap(who -> who.questions.stream()).toList()) {
            each.isWaitCut |= each.waits > 0;
            each.waits = 0;
        }
        hub = newLife();
        accounts = new Core.Accounts(platforms, sabotage);
        stored = stored.reopened(disk());
        judge.dies(stored, atRest);
        for (Platform each : platforms) {
            each.hubDies(stored);
        }
        Duration down = chance.between(Plan.RESTART_MIN, Duration.ofSeconds(20));
        timeline.in(down, hub, this::boot);
    }

    // ---- who takes part

    private Platform platform(
            String channel, Pacing pacing, int textMax, boolean drafts, boolean knowsKeys, Plan.Weather weather) {
        var traits =
                new Outlets.Traits(Platform.capabilities(drafts), new TextLimit(textMax, TextLimit.Unit.UTF16), pacing);
        var platform = new Platform(
                channel, new Platform.Kind(traits, knowsKeys), timeline, world, storm, judge, weather, seed);
        platforms.add(platform);
        return platform;
    }

    private Talker talker(Platform platform, int number, Peer.Kind kind, @Nullable String threadId) {
        var talker = new Talker(platform.channel, "p" + number, kind, threadId, plan.stops);
        talkers.add(talker);
        return talker;
    }

    private void sender(Sender.Means means, Platform platform, Talker talker, boolean waitsForAnswers) {
        new Sender(means, platform, talker, new Chance(seed, talker.who), waitsForAnswers).begin();
    }
}
