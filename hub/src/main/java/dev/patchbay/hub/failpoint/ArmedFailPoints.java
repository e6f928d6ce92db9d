package dev.patchbay.hub.failpoint;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Fail points that act: {@code NAME:ACTION@N} lets the N-th thread that comes to a point (the first, if nothing is said) halt the
 * process, throw, or wait. Everybody else passes. Safe for many threads.
 */
public final class ArmedFailPoints implements FailPoints {

    /** As a process ends that was killed. */
    public static final int HALTED = 137;

    private static final Pattern ENTRY =
            Pattern.compile("([A-Z_]+):(halt|throw|delay=(\\d{1,5})ms)(?:@([1-9]\\d{0,5}))?");
    private static final int ENTRIES_MAX = 100;

    private final Map<FailPoint, List<Charge>> charges;
    private final Runnable halt;

    private enum Action {
        HALT,
        THROW,
        DELAY
    }

    private record Charge(FailPoint point, Action action, Duration delay, int time, AtomicInteger reached) {}

    private ArmedFailPoints(Map<FailPoint, List<Charge>> charges, Runnable halt) {
        this.charges = charges;
        this.halt = halt;
    }

    /**
     * Reads what to do where.
     *
     * @param text entries with commas between them, for instance {@code RECEIPT:halt@3,FILE_BEFORE_MOVE:delay=200ms}; a delay is at most
     *     99,999 ms
     * @param halt ends the process at once, and does not return
     * @throws IllegalArgumentException with the known names if one is unknown, or an entry is none; the message names it
     */
    public static FailPoints parse(String text, Runnable halt) {
        if (text.isBlank()) {
            return NONE;
        }
        String[] entries = text.split(",", ENTRIES_MAX + 1);
        if (entries.length > ENTRIES_MAX) {
            throw new IllegalArgumentException("more than " + ENTRIES_MAX + " fail points at once");
        }
        Map<String, FailPoint> known =
                FailPoint.all().stream().collect(Collectors.toMap(FailPoint::name, Function.identity()));
        var charges = new HashMap<FailPoint, List<Charge>>();
        for (String entry : entries) {
            Charge charge = charge(entry.strip(), known);
            charges.merge(charge.point(), List.of(charge), ArmedFailPoints::joined);
        }
        return new ArmedFailPoints(Map.copyOf(charges), halt);
    }

    @Override
    public void reach(FailPoint point) {
        for (Charge each : charges.getOrDefault(point, List.of())) {
            if (each.reached().incrementAndGet() == each.time()) {
                act(each);
            }
        }
    }

    private void act(Charge charge) {
        switch (charge.action()) {
            case HALT -> halt.run();
            case THROW -> throw new InjectedFailure(charge.point());
            case DELAY -> pass(charge.delay());
        }
    }

    private static void pass(Duration delay) {
        long end = System.nanoTime() + delay.toNanos();
        for (long left = delay.toNanos(); left > 0; left = end - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            LockSupport.parkNanos(left);
        }
    }

    private static Charge charge(String entry, Map<String, FailPoint> known) {
        Matcher parts = ENTRY.matcher(entry);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "\"" + entry + "\" is no NAME:halt, NAME:throw or NAME:delay=200ms, with @N for the N-th time");
        }
        FailPoint point = known.get(parts.group(1));
        if (point == null) {
            throw new IllegalArgumentException("there is no fail point " + parts.group(1) + "; there are "
                    + String.join(", ", new TreeMap<>(known).keySet()));
        }
        Action action =
                switch (parts.group(2)) {
                    case "halt" -> Action.HALT;
                    case "throw" -> Action.THROW;
                    default -> Action.DELAY;
                };
        long millis = action == Action.DELAY ? Long.parseLong(parts.group(3)) : 0;
        int time = parts.group(4) == null ? 1 : Integer.parseInt(parts.group(4));
        return new Charge(point, action, Duration.ofMillis(millis), time, new AtomicInteger());
    }

    private static List<Charge> joined(List<Charge> some, List<Charge> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }
}
