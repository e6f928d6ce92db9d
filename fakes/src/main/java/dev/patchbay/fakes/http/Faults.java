package dev.patchbay.fakes.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The script of a server's misbehaviour. Rules are asked in the order in which they were added, and the first that has a fault
 * for a request decides; without one the request is treated as it should be. Safe for use by many threads, also while the
 * server runs.
 */
public final class Faults {
    private final List<Function<Request, Fault>> rules = new ArrayList<>();
    private long played;

    /** Requests whose path holds a match of this pattern, in whatever case. */
    public static Predicate<Request> path(String pattern) {
        Pattern compiled = Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
        return request -> compiled.matcher(request.path()).find();
    }

    /** The next {@code times} requests of this kind get the fault. */
    public void next(int times, Predicate<Request> which, Fault fault) {
        var left = new int[] {times};
        add(request -> left[0] > 0 && which.test(request) && left[0]-- > 0 ? fault : Fault.none());
    }

    /** Of the requests of this kind the k-th, the 2k-th and so on get the fault, counted from now. */
    public void every(int k, Predicate<Request> which, Fault fault) {
        if (k < 1) {
            throw new IllegalArgumentException("every " + k);
        }
        var seen = new int[1];
        add(request -> which.test(request) && ++seen[0] % k == 0 ? fault : Fault.none());
    }

    /** All requests of this kind get the fault, until {@link #clear}. */
    public void always(Predicate<Request> which, Fault fault) {
        add(request -> which.test(request) ? fault : Fault.none());
    }

    /** A rule of the test's own; it is asked by one thread at a time and answers {@link Fault#none()} to let others decide. */
    public synchronized void add(Function<Request, Fault> rule) {
        rules.add(rule);
    }

    /** Forgets all rules. Faults that are being played, for instance a hang, go on. */
    public synchronized void clear() {
        rules.clear();
    }

    /** How many requests were not treated as they should be. */
    public synchronized long played() {
        return played;
    }

    synchronized Fault of(Request request) {
        for (Function<Request, Fault> rule : rules) {
            Fault fault = rule.apply(request);
            if (!(fault instanceof Fault.None)) {
                played++;
                return fault;
            }
        }
        return Fault.none();
    }
}
