package dev.patchbay.hub.metrics;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * One metric with up to two labels: for each pair of label values that occurs, one meter. At most {@value #SETS_MAX} pairs; later
 * ones share the meter {@code other}. Safe for many threads.
 */
final class Family<M> {
    static final int SETS_MAX = 200;
    private static final Values OTHER = new Values("other", "other");

    private final Supplier<M> maker;
    private final ConcurrentHashMap<Values, M> meters = new ConcurrentHashMap<>();

    /** Values of the first and the second label; empty for a label that the metric does not have. */
    record Values(String first, String second) {}

    Family(Supplier<M> maker) {
        this.maker = maker;
    }

    M of(String first, String second) {
        var values = new Values(first, second);
        M known = meters.get(values);
        if (known != null) {
            return known;
        }
        // Threads that arrive together may pass the bound by their own number; the bound is against floods.
        return meters.computeIfAbsent(meters.size() < SETS_MAX ? values : OTHER, absent -> maker.get());
    }

    /** Shows every meter with its labels, in the order of the labels. */
    void each(String firstName, String secondName, BiConsumer<String, M> visitor) {
        Map<String, M> sorted = new TreeMap<>();
        meters.forEach((values, meter) -> sorted.put(labels(firstName, secondName, values), meter));
        sorted.forEach(visitor);
    }

    Collection<M> all() {
        return meters.values();
    }

    private static String labels(String firstName, String secondName, Values values) {
        String labels = firstName.isEmpty() ? "" : Page.with("", firstName, values.first());
        return secondName.isEmpty() ? labels : Page.with(labels, secondName, values.second());
    }
}
