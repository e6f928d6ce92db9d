package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The built product under load on all channels, ended again and again in every way that there is, while far sides misbehave: a few rounds
 * by default, {@code scripts/torture --rounds N} for more. What was acknowledged and what arrived is judged outside of the hub.
 */
class TortureScenario {
    private static final int ROUNDS = Integer.getInteger("patchbay.rounds", 8);
    private static final long SEED = Long.getLong("patchbay.seed", System.nanoTime());
    /** Rounds after which the hub's own books are looked at. */
    private static final int INQUEST = 20;

    /** All are kept in the folder; there would be too many to read. */
    private static final int LOGS_SHOWN = 6;

    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);
    /** For closing what is open after the drain: plugins, the store, the JVM. Five seconds, and as many for a machine that others use, too. */
    private static final Duration CLOSING_LIMIT = Duration.ofSeconds(5 + 5);

    private static final Duration SETTLE_LIMIT = Duration.ofMinutes(3);

    private static final Pattern ERROR = Pattern.compile(" ERROR ([A-Za-z]+):");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final Random random = new Random(SEED);
    private final Lives lives = new Lives();
    private final Inquest inquest = new Inquest();
    private final Map<Blow, Integer> blows = new EnumMap<>(Blow.class);
    private final Map<String, Integer> errors = new TreeMap<>();
    private final Deque<HubProcess> ended = new ArrayDeque<>();
    private final Crowd crowd;
    private HubProcess hub;
    private Duration slowestStart = Duration.ZERO;
    private Duration slowestExit = Duration.ZERO;

    /** How a round ends, and how often of a hundred times. */
    private enum Blow {
        KILL("kill -9", 46),
        TERM("SIGTERM", 20),
        STOP("SIGSTOP, SIGCONT", 8),
        STOP_KILL("SIGSTOP, kill -9", 6),
        KILL_STARTING("kill -9 while it starts", 9),
        TERM_KILL("SIGTERM, kill -9", 7),
        KILL_KILL("two kill -9 in a row", 4);

        final String words;
        final int weight;

        Blow(String words, int weight) {
            this.words = words;
            this.weight = weight;
        }
    }

    TortureScenario() throws Exception {
        crowd = new Crowd(lives, SEED);
    }

    /** Discord keeps a history, but who was never heard of before begins with what is said next. */
    @BeforeEach
    void meet() throws Exception {
        hub = launch();
        hub.awaitAddress();
        hub.awaitRunning("discord", 1);
        crowd.turnTo(hub.rpc());
        Bounded.until(SETTLE_LIMIT, () -> crowd.conversations().stream().allMatch(each -> each.arrived() > 0));
    }

    @AfterEach
    void end() {
        hub.close();
        crowd.close();
    }

    @Test
    void nothingAcknowledgedIsLostOrderIsKeptAndEachRepeatIsMarked() throws Exception {
        System.out.println("torture: " + ROUNDS + " rounds, seed " + SEED + ", in " + folder);
        long began = System.nanoTime();
        int round = 0;
        try {
            for (round = 1; round <= ROUNDS; round++) {
                Bounded.pass(Duration.ofMillis(200 + random.nextInt(800)));
                crowd.stir(random);
                strike(blow());
                if (round % INQUEST == 0) {
                    inquest.hold(hub.rpc(), crowd.conversations());
                }
                if (round % 10 == 0) {
                    System.out.println("torture: round " + round + " after " + seconds(since(began)) + ": " + sums());
                }
                judge();
            }
            crowd.fallSilent(SETTLE_LIMIT);
            Bounded.until(SETTLE_LIMIT, () -> crowd.conversations().stream().allMatch(each -> each.isSettled()));
            Bounded.until(SETTLE_LIMIT, this::isProven);
            terminate();
            start();
            Bounded.pass(Duration.ofSeconds(1));
            terminate();
            judge();
        } catch (Exception | Error failed) {
            tell(round);
            throw failed;
        }
        System.out.println(table());
        assertThat(crowd.conversations()).as("the load was real").allSatisfy(each -> assertThat(each.said())
                .as(each.kind.toString())
                .isGreaterThan(ROUNDS / 2));
    }

    private Blow blow() {
        int number = random.nextInt(100);
        for (Blow each : Blow.values()) {
            number -= each.weight;
            if (number < 0) {
                return each;
            }
        }
        return Blow.KILL;
    }

    private void strike(Blow blow) throws Exception {
        blows.merge(blow, 1, Integer::sum);
        switch (blow) {
            case KILL -> kill();
            case TERM -> terminate();
            case STOP -> {
                hub.signal("STOP");
                Bounded.pass(Duration.ofMillis(100 + random.nextInt(1_500)));
                hub.signal("CONT");
            }
            case STOP_KILL -> {
                hub.signal("STOP");
                Bounded.pass(Duration.ofMillis(random.nextInt(500)));
                kill();
            }
            case KILL_STARTING -> {
                kill();
                hub = launch();
                Bounded.pass(Duration.ofMillis(random.nextInt(900)));
                kill();
            }
            case TERM_KILL -> {
                hub.askToStop();
                Bounded.pass(Duration.ofMillis(random.nextInt(200)));
                kill();
            }
            case KILL_KILL -> {
                kill();
                start();
                kill();
            }
        }
        if (!hub.isAlive()) {
            start();
            crowd.turnTo(hub.rpc());
        }
    }

    private HubProcess launch() throws Exception {
        return HubProcess.launch(folder, crowd.yaml(DRAIN_LIMIT));
    }

    private void start() throws Exception {
        long began = System.nanoTime();
        hub = launch();
        hub.awaitAddress();
        slowestStart = longer(slowestStart, since(began));
    }

    private void kill() throws Exception {
        hub.kill();
        over(true);
    }

    private void terminate() throws Exception {
        long began = System.nanoTime();
        int exit = hub.terminate();
        Duration took = since(began);
        slowestExit = longer(slowestExit, took);
        assertThat(exit).as("exit code after SIGTERM").isZero();
        assertThat(took).as("SIGTERM to exit").isLessThan(DRAIN_LIMIT.plus(CLOSING_LIMIT));
        over(false);
    }

    private void over(boolean byKill) throws Exception {
        crowd.hangUp(SETTLE_LIMIT);
        lives.isOver(byKill);
        ended.addLast(hub);
        ERROR.matcher(hub.log()).results().forEach(found -> errors.merge(found.group(1), 1, Integer::sum));
        if (ended.size() > LOGS_SHOWN) {
            ended.removeFirst();
        }
    }

    private boolean isProven() throws Exception {
        inquest.hold(hub.rpc(), crowd.conversations());
        judge();
        return crowd.conversations().stream()
                .allMatch(each -> each.unproven().isEmpty()
                        && (each.kind.session().isEmpty() || inquest.turns(each) == each.said()));
    }

    private void judge() {
        List<String> violations = crowd.conversations().stream()
                .flatMap(each -> each.violations().stream())
                .toList();
        assertThat(violations).as("seed " + SEED).isEmpty();
    }

    private void tell(int round) {
        System.out.println("torture: seed " + SEED + ", round " + round + " failed; the data is kept in " + folder);
        ended.addLast(hub);
        ended.forEach(each -> System.out.println("--- log of " + each.pid() + "\n" + each.log()));
        crowd.conversations().stream()
                .filter(each -> !each.isSettled() || !each.violations().isEmpty())
                .forEach(each -> System.out.println(each.kind + ": " + each.said() + " acknowledged, " + each.arrived()
                        + " arrived, " + inquest.turns(each) + " turns, " + each.violations()));
        System.out.println(sums());
    }

    private String sums() {
        List<Conversation> all = crowd.conversations();
        return "%d acknowledged, %d arrived, %d repeated, %d of them to be looked up; %s; slowest start %s, slowest exit %s; errors in logs %s"
                .formatted(
                        all.stream().mapToInt(Conversation::said).sum(),
                        all.stream().mapToInt(Conversation::arrived).sum(),
                        all.stream().mapToInt(Conversation::repeats).sum(),
                        all.stream().mapToInt(each -> each.unproven().size()).sum(),
                        blows.entrySet().stream()
                                .map(each -> each.getValue() + " " + each.getKey().words)
                                .collect(Collectors.joining(", ")),
                        seconds(slowestStart),
                        seconds(slowestExit),
                        errors);
    }

    /** As it stands in docs/testing.md. */
    private String table() {
        var table = new StringBuilder("""

            | through | acknowledged | turns | arrived | lost | out of order | repeated, all marked |
            |---|---|---|---|---|---|---|
            """);
        Map<String, List<Conversation>> ways = crowd.conversations().stream()
                .collect(Collectors.groupingBy(each -> each.kind.way(), LinkedHashMap::new, Collectors.toList()));
        ways.forEach((way, all) -> table.append("| %s | %d | %s | %d | 0 | 0 | %d |\n"
                .formatted(
                        way,
                        all.stream().mapToInt(Conversation::said).sum(),
                        all.getFirst().kind.session().isEmpty()
                                ? ""
                                : Integer.toString(
                                        all.stream().mapToInt(inquest::turns).sum()),
                        all.stream().mapToInt(Conversation::arrived).sum(),
                        all.stream().mapToInt(Conversation::repeats).sum())));
        return table.append("\n%d rounds, seed %d: %s\n".formatted(ROUNDS, SEED, sums()))
                .toString();
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static String seconds(Duration time) {
        return "%.1f s".formatted(time.toMillis() / 1000.0);
    }
}
