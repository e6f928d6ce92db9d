package dev.patchbay.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A section of the configuration: text, numbers, flags, lists and sections below it, environment already filled in. Immutable.
 * Keys may be paths with dots ({@code callback.url}). {@code toString} shows keys only, never values.
 */
public final class Settings {
    public static final Settings EMPTY = new Settings(Map.of());

    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})\\s*(B|KB|MB|GB)");

    private final Map<String, Object> values;

    private Settings(Map<String, Object> values) {
        this.values = values;
    }

    /**
     * Wraps a tree.
     *
     * @param values strings, booleans, numbers, lists and maps of these; copied
     */
    public static Settings of(Map<String, ?> values) {
        return new Settings(copy(values));
    }

    /** The value as text; numbers and flags in their usual spelling. Blank text counts as absent. */
    public Optional<String> text(String key) {
        return scalar(key).map(Object::toString).filter(text -> !text.isBlank());
    }

    public String text(String key, String otherwise) {
        return text(key).orElse(otherwise);
    }

    /**
     * The value as a flag.
     *
     * @throws IllegalArgumentException if it is neither {@code true} nor {@code false}
     */
    public boolean flag(String key, boolean otherwise) {
        return text(key)
                .map(text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw wrong(key, "is neither true nor false");
                })
                .orElse(otherwise);
    }

    /**
     * The value as a whole number within bounds.
     *
     * @throws IllegalArgumentException if it is not a whole number from min to max
     */
    public long number(String key, long otherwise, long min, long max) {
        return text(key)
                .map(text -> {
                    try {
                        long number = Long.parseLong(text);
                        if (number >= min && number <= max) {
                            return number;
                        }
                    } catch (NumberFormatException notANumber) {
                        throw wrong(key, "is not a whole number");
                    }
                    throw wrong(key, "is not between " + min + " and " + max);
                })
                .orElse(otherwise);
    }

    /**
     * A duration with its unit: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 7d}.
     *
     * @throws IllegalArgumentException if the unit is missing or unknown
     */
    public Duration duration(String key, Duration otherwise) {
        return text(key)
                .map(text -> parseDuration(text).orElseThrow(() -> wrong(key, "has no unit; write for instance 30s")))
                .orElse(otherwise);
    }

    /**
     * A size in bytes with its unit: {@code 512B}, {@code 64KB}, {@code 10MB}, {@code 1GB} (powers of 1,024).
     *
     * @throws IllegalArgumentException if the unit is missing or unknown
     */
    public long bytes(String key, long otherwise) {
        return text(key)
                .map(text -> parseBytes(text).orElseThrow(() -> wrong(key, "has no unit; write for instance 10MB")))
                .orElse(otherwise);
    }

    /** Texts of a list; a single text counts as a list of one; absent is empty. */
    public List<String> texts(String key) {
        Object value = find(key);
        if (value instanceof List<?> list) {
            return list.stream().map(Object::toString).toList();
        }
        return text(key).map(List::of).orElse(List.of());
    }

    /** Sections of a list; what is no section is left out. */
    public List<Settings> sections(String key) {
        if (!(find(key) instanceof List<?> list)) {
            return List.of();
        }
        var sections = new ArrayList<Settings>();
        for (Object each : list) {
            if (each instanceof Map<?, ?> map) {
                sections.add(new Settings(copy(map)));
            }
        }
        return List.copyOf(sections);
    }

    /** The section below a key, empty if there is none. */
    public Settings section(String key) {
        return find(key) instanceof Map<?, ?> map ? new Settings(copy(map)) : EMPTY;
    }

    public boolean has(String key) {
        return find(key) != null;
    }

    /** The tree as it stands: maps, lists, text, numbers and flags; unmodifiable. Holds secrets: not for logs. */
    public Map<String, Object> asMap() {
        return values;
    }

    /** {@code 30s} and the like; empty if it is no duration with a unit. */
    public static Optional<Duration> parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                });
    }

    /** {@code 10MB} and the like, in bytes; empty if it is no size with a unit, or more than a long can hold. */
    public static Optional<Long> parseBytes(String text) {
        Matcher matcher = SIZE.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(matcher.group(1));
        int shift =
                switch (matcher.group(2)) {
                    case "B" -> 0;
                    case "KB" -> 10;
                    case "MB" -> 20;
                    default -> 30;
                };
        return amount > Long.MAX_VALUE >> shift ? Optional.empty() : Optional.of(amount << shift);
    }

    @Override
    public String toString() {
        return "Settings" + values.keySet();
    }

    private Optional<Object> scalar(String key) {
        Object value = find(key);
        return value instanceof Map || value instanceof List ? Optional.empty() : Optional.ofNullable(value);
    }

    private @Nullable Object find(String key) {
        Object here = values.get(key);
        if (here != null) {
            return here;
        }
        int dot = key.indexOf('.');
        if (dot > 0 && values.get(key.substring(0, dot)) instanceof Map<?, ?> below) {
            return new Settings(copy(below)).find(key.substring(dot + 1));
        }
        return null;
    }

    private static IllegalArgumentException wrong(String key, String what) {
        return new IllegalArgumentException(key + " " + what);
    }

    private static Map<String, Object> copy(Map<?, ?> from) {
        var copy = new LinkedHashMap<String, Object>();
        from.forEach((key, value) -> {
            if (value != null) {
                copy.put(key.toString(), copyValue(value));
            }
        });
        return Collections.unmodifiableMap(copy);
    }

    private static Object copyValue(Object value) {
        return switch (value) {
            case Map<?, ?> map -> copy(map);
            case List<?> list -> list.stream().map(Settings::copyValue).toList();
            default -> value;
        };
    }
}
