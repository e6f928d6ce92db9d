package dev.patchbay.hub.failpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every fail point, each with halt, throw and delay: nothing that was acknowledged is lost, everything comes in order, repeats are
 * marked, and the hub goes on by itself. {@code -Dfailpoints.only=REGEX} tries some of them.
 */
class FailPointMatrixTest {
    private static final int MESSAGES = 2;
    private static final int SPEED = 10;

    private final Path folder;
    private final List<FailPoint> points = FailPoint.all().stream()
            .filter(each -> each.name().matches(System.getProperty("failpoints.only", ".*")))
            .toList();

    FailPointMatrixTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @Timeout(1_200)
    void aHubThatHaltsAnywhereGoesOnWhereItWasWhenItIsStartedAgain() throws Exception {
        // Given
        var children = new Children(folder);

        // When
        List<String> wrong = together(List.of(
                () -> halts(children, "places", each -> each instanceof Place),
                () -> halts(children, "writes", each -> each instanceof StoreWrite.Passing)));

        // Then
        assertThat(wrong).isEmpty();
    }

    @Test
    @Timeout(1_200)
    void aFailureAnywhereCostsNothingAndTheHubGoesOn() throws Exception {
        assertThat(inOneProcess("throw")).isEmpty();
    }

    @Test
    @Timeout(1_200)
    void aDelayAnywhereCostsNothingButTime() throws Exception {
        assertThat(inOneProcess("delay=30ms")).isEmpty();
    }

    // ---- halt

    /** One hub after the other on the same folder: each start makes up for the end of the one before. */
    private List<String> halts(Children children, String name, Predicate<FailPoint> which) throws Exception {
        Path home = Files.createDirectories(folder.resolve(name).resolve("hub"));
        var wrong = new ArrayList<String>();
        for (FailPoint point : points.stream().filter(which).toList()) {
            Errand errand = Errand.past(point);
            String armed = Errand.prelude(point) + point.name() + ":halt";
            String said = run(children, home, armed, errand, Errand.messages(point), ArmedFailPoints.HALTED);
            if (!said.isEmpty()) {
                wrong.add(point.name() + ": " + said);
                // What went wrong shall not be found again at every later point.
                home = Files.createDirectories(folder.resolve(name).resolve("hub after " + point.name()));
            }
        }
        String said = run(children, home, "", Errand.OPERATE, MESSAGES, 0);
        if (!said.isEmpty()) {
            wrong.add("at the end: " + said);
        }
        return wrong;
    }

    /** Runs a process to its end; what is wrong with that, or nothing. */
    private static String run(Children children, Path home, String armed, Errand errand, int messages, int code)
            throws Exception {
        Children.End end = children.run(home, armed, errand, messages);
        try (var ledger = new Ledger(home)) {
            List<String> offences = ledger.offences();
            if (!offences.isEmpty()) {
                return offences.toString();
            }
        }
        return end.code() == code ? "" : "it ended with " + end.code() + " instead of " + code + ":\n" + end.output();
    }

    // ---- throw and delay

    private List<String> inOneProcess(String action) throws Exception {
        List<FailPoint> opening = points.stream().filter(Errand::needsOpening).toList();
        List<FailPoint> going =
                points.stream().filter(each -> !Errand.needsOpening(each)).toList();
        var all = new ArrayList<Callable<List<String>>>();
        all.add(() -> atOpening(action, opening));
        for (List<FailPoint> some : List.of(
                going.stream().filter(each -> each instanceof Place).toList(),
                going.stream()
                        .filter(each -> each.name().charAt(0) < 'D')
                        .filter(each -> !(each instanceof Place))
                        .toList(),
                going.stream()
                        .filter(each -> each.name().charAt(0) >= 'D')
                        .filter(each -> !(each instanceof Place))
                        .toList())) {
            all.add(() -> whileRunning(action, some));
        }
        return together(all);
    }

    /** Each on a folder of its own, which is then opened again. */
    private List<String> atOpening(String action, List<FailPoint> some) throws Exception {
        var wrong = new ArrayList<String>();
        for (FailPoint point : some) {
            Path home = Files.createDirectories(
                    folder.resolve(action + point.name()).resolve("hub"));
            var switches = new Switches();
            switches.arm(point.name() + ":" + action);
            try (var ledger = new Ledger(home)) {
                try (var failing = new TrialHub(ledger, switches, SPEED)) {
                    new Walk(failing, ledger).run(Errand.OPEN, MESSAGES);
                } catch (InjectedFailure expected) {
                    // It may refuse to start, or to stop in order.
                }
                if (!switches.reached(point)) {
                    wrong.add(point.name() + " was not reached");
                }
                try (var hub = new TrialHub(ledger, FailPoints.NONE, SPEED)) {
                    var walk = new Walk(hub, ledger);
                    walk.run(Errand.TALK, MESSAGES);
                    walk.settle().forEach(each -> wrong.add(point.name() + ": " + each));
                }
                ledger.offences().forEach(each -> wrong.add(point.name() + ": " + each));
            } catch (Exception failure) {
                wrong.add(point.name() + ": " + failure);
            }
        }
        return wrong;
    }

    /** One hub that goes on from one failure to the next. */
    private List<String> whileRunning(String action, List<FailPoint> some) throws Exception {
        var wrong = new ArrayList<String>();
        Path home = Files.createDirectories(
                Files.createTempDirectory(folder, "running").resolve("hub"));
        var switches = new Switches();
        try (var ledger = new Ledger(home);
                var hub = new TrialHub(ledger, switches, SPEED)) {
            var known = new TreeSet<String>();
            for (FailPoint point : some) {
                switches.arm(Errand.prelude(point) + point.name() + ":" + action);
                var walk = new Walk(hub, ledger);
                try {
                    walk.run(Errand.past(point), Errand.messages(point));
                    news(known, walk.settle()).forEach(each -> wrong.add(point.name() + ": " + each));
                    walk.miscounted(true).ifPresent(each -> wrong.add(point.name() + ": " + each));
                    if (!switches.reached(point)) {
                        wrong.add(point.name() + " was not reached");
                    }
                } catch (Exception | AssertionError failure) {
                    wrong.add(point.name() + ": " + failure);
                }
                news(known, ledger.offences()).forEach(each -> wrong.add(point.name() + ": " + each));
            }
        } catch (Exception failure) {
            wrong.add("closing: " + failure);
        }
        return wrong;
    }

    private static List<String> news(Set<String> known, List<String> all) {
        return all.stream().filter(known::add).toList();
    }

    /** Fail points that a test arms anew while the hub runs. */
    private static final class Switches implements FailPoints {
        private final Set<String> reached = new ConcurrentSkipListSet<>();
        private volatile FailPoints armed = FailPoints.NONE;

        void arm(String text) {
            reached.clear();
            armed = ArmedFailPoints.parse(text, () -> {});
        }

        boolean reached(FailPoint point) {
            return reached.contains(point.name());
        }

        @Override
        public void reach(FailPoint point) {
            reached.add(point.name());
            armed.reach(point);
        }
    }

    private static List<String> together(List<Callable<List<String>>> all) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var wrong = Collections.synchronizedList(new ArrayList<String>());
            for (Future<List<String>> each : threads.invokeAll(all)) {
                wrong.addAll(each.get());
            }
            return wrong;
        }
    }
}
