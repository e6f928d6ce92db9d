package dev.patchbay.hub.simulation;

import dev.patchbay.hub.delivery.DeliveryPolicy;
import dev.patchbay.hub.routing.DmScope;
import dev.patchbay.hub.session.Busy;
import dev.patchbay.hub.session.Manners;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;

/** What one seed is going to try: how much is said, how the hub is configured, and how bad the weather is. */
final class Plan {
    /** Nothing on the way to a platform takes longer, so that what left before a crash has arrived when the hub is back. */
    static final Duration ONE_WAY_MAX = Duration.ofMillis(800);

    static final Duration RESTART_MIN = Duration.ofSeconds(1);

    final long seed;

    /** Bad weather ends after so many steps; then everything has to come to its end. */
    final int stormSteps;

    /** At these steps the hub is killed, or stopped. */
    final TreeSet<Long> ends = new TreeSet<>();

    final DeliveryPolicy policy;
    final int laneLimit;
    final DmScope dmScope;

    /** What a message does that finds its session at a turn. */
    final Busy busy;

    /** What comes so quickly after each other is one turn. */
    final Duration debounce;

    /** Probability that somebody says stop instead of something else. */
    final double stops;

    final AgentPlan agents;
    final DiskPlan disk;
    final Weather telegram;
    final Weather discord;
    final Weather webhook;

    /** How the agents behave; probabilities of a turn. */
    record AgentPlan(
            double fails,
            double breaks,
            double hangs,
            double isDeaf,
            double isSlow,
            int maxConcurrent,
            Duration timeout) {
        boolean isReliable() {
            return fails + breaks + hangs + isDeaf == 0;
        }
    }

    /**
     * How the disk behaves.
     *
     * @param stalls probability that a sync takes seconds
     * @param calm between two outages, on average; zero: there are none
     * @param tellsWrong probability that a write of an outage is stored although it is said not to be
     */
    record DiskPlan(Duration sync, double stalls, Duration calm, Duration outage, double tellsWrong) {}

    /**
     * How a platform and the way to it behave; probabilities of a request.
     *
     * @param calm between two outages, on average; zero: there are none
     * @param lostAnswers of the platform's own requests to the hub
     * @param repeats of what the hub has acknowledged already
     */
    record Weather(
            int peers,
            int messagesEach,
            Duration pause,
            Duration oneWay,
            double errors,
            double lostBefore,
            double lostAfter,
            double paced,
            double refused,
            double hangs,
            Duration calm,
            Duration outage,
            double lostAnswers,
            double repeats) {}

    Plan(long seed) {
        this.seed = seed;
        var chance = new Chance(seed, "plan");
        stormSteps = chance.between(1_500, 9_000);
        int deaths = chance.below(5);
        for (int i = 0; i < deaths; i++) {
            ends.add((long) chance.between(100, Math.min(stormSteps, 4_000)));
        }
        boolean small = chance.happens(0.25);
        policy = new DeliveryPolicy(
                chance.oneOf(
                        List.of(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(25)),
                        List.of(Duration.ofSeconds(5), Duration.ofSeconds(25), Duration.ofMinutes(2)),
                        List.of(Duration.ofSeconds(2))),
                chance.oneOf(2, 5, 9),
                small ? chance.between(3, 20) : 10_000,
                small && chance.happens(0.3),
                chance.happens(0.2) ? Duration.ofSeconds(90) : Duration.ofDays(7),
                chance.oneOf(0.0, 0.2));
        laneLimit = chance.happens(0.3) ? chance.between(1, 4) : 1_000;
        dmScope = chance.happens(0.2) ? DmScope.MAIN : DmScope.PER_CHANNEL_PEER;
        boolean reliable = chance.happens(0.5);
        agents = new AgentPlan(
                reliable ? 0 : often(chance),
                reliable ? 0 : often(chance),
                reliable ? 0 : often(chance),
                reliable ? 0 : often(chance),
                chance.oneOf(0.05, 0.3),
                chance.oneOf(1, 4, 100),
                // It includes the wait for a place.
                reliable ? Duration.ofHours(1) : Duration.ofSeconds(20));
        disk = new DiskPlan(
                chance.between(Duration.ofNanos(200_000), Duration.ofMillis(10)),
                chance.oneOf(0.0, 0.001, 0.02),
                chance.oneOf(Duration.ZERO, Duration.ofSeconds(60), Duration.ofMinutes(3)),
                chance.between(Duration.ofSeconds(1), Duration.ofSeconds(40)),
                chance.oneOf(0.0, 0.3, 1.0));
        telegram = weather(chance);
        discord = weather(chance);
        webhook = weather(chance);
        var talk = new Chance(seed, "talk");
        busy = talk.oneOf(Busy.QUEUE, Busy.QUEUE, Busy.INTERRUPT, Busy.COLLECT);
        debounce = talk.oneOf(Duration.ZERO, Duration.ZERO, Duration.ofMillis(300), Duration.ofSeconds(3));
        stops = talk.oneOf(0.0, 0.05);
    }

    Manners manners() {
        return busy == Busy.QUEUE && debounce.isZero()
                ? Manners.PLAIN
                : new Manners(agent -> busy, channel -> debounce);
    }

    private static Weather weather(Chance chance) {
        boolean calm = chance.happens(0.15);
        return new Weather(
                chance.between(1, 6),
                chance.between(4, 40),
                chance.oneOf(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(5)),
                chance.between(Duration.ofMillis(2), ONE_WAY_MAX.dividedBy(2)),
                calm ? 0 : often(chance),
                calm ? 0 : often(chance),
                calm ? 0 : often(chance),
                calm ? 0 : often(chance),
                calm ? 0 : chance.oneOf(0.0, 0.0, 0.02),
                calm ? 0 : chance.oneOf(0.0, 0.02),
                calm ? Duration.ZERO : chance.oneOf(Duration.ZERO, Duration.ofMinutes(1), Duration.ofMinutes(5)),
                chance.between(Duration.ofSeconds(5), Duration.ofMinutes(3)),
                often(chance),
                often(chance));
    }

    private static double often(Chance chance) {
        return chance.oneOf(0.0, 0.01, 0.05, 0.2);
    }
}
