package dev.patchbay.hub.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.slf4j.LoggerFactory;

/** Runs many seeds, by hand: {@code scripts/simulate}. Exits 1 if the judge has objected to one, and shows the first few. */
final class Simulate {
    private static final int SHOWN = 3;
    private static final int PROGRESS_EVERY = 50;

    private final PrintStream out = System.out;
    private long from = 1;
    private long seeds = 100;
    private long steps = Long.MAX_VALUE;
    private boolean isTraced;
    private final List<Simulation.Outcome> outcomes = new ArrayList<>();

    private Simulate() {}

    public static void main(String[] arguments) {
        var simulate = new Simulate();
        if (!simulate.understands(arguments)) {
            System.err.println("scripts/simulate [--seeds N] [--from SEED] [--steps N] [--trace]");
            System.exit(2);
        }
        System.exit(simulate.run());
    }

    /** A hub in a storm has much to say, which is in the trace in other words. */
    static AutoCloseable silence() {
        var logger = (Logger) LoggerFactory.getLogger("dev.patchbay");
        Level before = logger.getLevel();
        logger.setLevel(Level.OFF);
        return () -> logger.setLevel(before);
    }

    private boolean understands(String[] arguments) {
        Iterator<String> words = List.of(arguments).iterator();
        while (words.hasNext()) {
            String word = words.next();
            if (word.equals("--trace")) {
                isTraced = true;
                continue;
            }
            String value = words.hasNext() ? words.next() : "";
            if (!value.matches("\\d{1,18}")) {
                return false;
            }
            long number = Long.parseLong(value);
            switch (word) {
                case "--seeds" -> seeds = number;
                case "--from" -> from = number;
                case "--steps" -> {
                    steps = number;
                    seeds = Long.MAX_VALUE / 2;
                }
                default -> {
                    return false;
                }
            }
        }
        return true;
    }

    private int run() {
        AutoCloseable unused = silence();
        Consumer<String> listener = isTraced ? out::println : event -> {};
        long done = 0;
        int bad = 0;
        for (long seed = from; seed < from + seeds && done < steps && bad < SHOWN; seed++) {
            Simulation.Outcome outcome = Simulation.run(seed, Sabotage.NONE, listener);
            outcomes.add(outcome);
            done += outcome.steps();
            if (!outcome.objections().isEmpty()) {
                bad++;
                out.println(outcome.report());
            }
            if (outcomes.size() % PROGRESS_EVERY == 0) {
                out.printf(Locale.ROOT, "%,d seeds, %,d steps, %d with objections%n", outcomes.size(), done, bad);
            }
        }
        table();
        return bad == 0 ? 0 : 1;
    }

    private void table() {
        out.printf(
                Locale.ROOT,
                "| seeds | steps | messages | kills | stops | faults | repeats, all marked | objections |%n"
                        + "|---|---|---|---|---|---|---|---|%n| %d to %d | %,d | %,d | %,d | %,d | %,d | %,d | %d |%n",
                from,
                outcomes.isEmpty() ? from : outcomes.getLast().seed(),
                sum(Simulation.Outcome::steps),
                sum(Simulation.Outcome::messages),
                sum(Simulation.Outcome::kills),
                sum(Simulation.Outcome::stops),
                sum(Simulation.Outcome::faults),
                sum(Simulation.Outcome::repeats),
                sum(each -> each.objections().size()));
    }

    private long sum(ToLongFunction<Simulation.Outcome> what) {
        return outcomes.stream().mapToLong(what).sum();
    }
}
