package dev.patchbay.hub.metrics;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Values read when the page is asked for. At most {@value #SETS_MAX} label sets per name; further ones are not shown. */
final class Gauges {
    static final int SETS_MAX = 1_000;
    private static final Logger log = LoggerFactory.getLogger(Gauges.class);

    private final Map<String, SortedMap<String, DoubleSupplier>> byName = new ConcurrentHashMap<>();

    void put(String name, Map<String, String> labels, DoubleSupplier value) {
        var ofName = byName.computeIfAbsent(name, absent -> new ConcurrentSkipListMap<>());
        String key = text(labels);
        if (ofName.size() >= SETS_MAX && !ofName.containsKey(key)) {
            log.warn("Gauge {} has {} label sets; one more is not shown", name, SETS_MAX);
            return;
        }
        ofName.put(key, value);
    }

    /** Writes every gauge; one whose supplier throws is left out this time. */
    void write(Page page, Map<String, String> help) {
        var names = new TreeMap<>(help);
        byName.keySet().forEach(name -> names.putIfAbsent(name, "A value of the hub."));
        names.forEach((name, text) -> {
            page.family(name, "gauge", text);
            byName.getOrDefault(name, new TreeMap<>()).forEach((labels, value) -> read(page, name, labels, value));
        });
    }

    private static void read(Page page, String name, String labels, DoubleSupplier value) {
        double now;
        try {
            now = value.getAsDouble();
        } catch (RuntimeException unreadable) {
            log.warn("Gauge {} cannot be read: {}", name, unreadable.getClass().getName());
            return;
        }
        page.sample(name, labels, now);
    }

    private static String text(Map<String, String> labels) {
        String text = "";
        for (var label : new TreeMap<>(labels).entrySet()) {
            text = Page.with(text, label.getKey(), label.getValue());
        }
        return text;
    }
}
