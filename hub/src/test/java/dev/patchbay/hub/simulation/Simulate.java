package dev.patchbay.hub.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Runs many seeds. */
final class Simulate {
    private Simulate() {}

    public static void main(String[] args) {
        ((Logger) LoggerFactory.getLogger("dev.patchbay")).setLevel(Level.OFF);
        long from = Long.parseLong(args[0]);
        long seeds = Long.parseLong(args[1]);
        long steps = 0;
        int bad = 0;
        for (long seed = from; seed < from + seeds; seed++) {
            long began = System.nanoTime();
            Simulation.Outcome outcome = Simulation.run(seed, Sabotage.NONE, args.length > 2 ? System.out::println : event -> {});
            steps += outcome.steps();
            System.out.println(outcome.seed() + " steps " + outcome.steps() + " hash " + outcome.hash() + " messages "
                    + outcome.messages() + " kills " + outcome.kills() + " stops " + outcome.stops() + " faults "
                    + outcome.faults() + " repeats " + outcome.repeats() + " sim " + outcome.time() + " real "
                    + (System.nanoTime() - began) / 1_000_000 + " ms");
            if (!outcome.objections().isEmpty()) {
                bad++;
                outcome.latest().forEach(System.out::println);
                outcome.objections().forEach(System.out::println);
                if (bad >= 3) {
                    break;
                }
            }
        }
        System.out.println("steps " + steps + " bad " + bad);
    }
}
