package dev.patchbay.hub.config;

import dev.patchbay.api.SettingProblem;
import io.helidon.config.Config;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Remembers where each value was written: Helidon's tree keeps the values, but neither lines nor which source won. Filled while
 * loading, by one thread; afterwards only read.
 */
public final class Places {
    private final String file;
    private final Map<String, Origin> origins = new HashMap<>();

    /**
     * @param written what stood there before the environment was filled in, null if the value is shown as it is
     */
    private record Origin(String place, @Nullable String written, int order) {}

    /** Keys whose variable is missing: that is said once, and not again as a value that is missing. */
    private final Set<String> unfilled = new HashSet<>();

    private int last;

    Places(String file) {
        this.file = file;
    }

    /** {@code FILE:LINE}, {@code --set} or a variable's name: of the key itself, else of the nearest key above it. */
    public String of(String key) {
        Origin origin = nearest(key);
        return origin == null ? file : origin.place();
    }

    /** A problem with a key, at its place. The message must not hold a secret: see {@link #quoted}. */
    public Problem error(String key, String message, String cure) {
        return Problem.error(of(key), shown(key), message, cure);
    }

    /** The same, but nothing that keeps the hub from starting. */
    public Problem warning(String key, String message, String cure) {
        return Problem.warning(of(key), shown(key), message, cure);
    }

    /**
     * A value for a message: in quotes, shortened, masked if it is a secret. What the environment filled in is shown as it was
     * written, since nobody knows what a variable holds.
     */
    public String quoted(String key, String value) {
        Origin origin = origins.get(key);
        String written = origin == null ? null : origin.written();
        return written == null ? Secrets.quoted(key, value) : Secrets.quoted("", written);
    }

    /**
     * Gives what a plugin said about its settings the places it cannot know.
     *
     * @param section the key of the settings, for instance {@code channels.webhook.accounts.default}
     */
    public List<Problem> located(String section, List<SettingProblem> problems) {
        return problems.stream()
                .map(problem -> error(
                        problem.key().isEmpty() ? section : section + "." + problem.key(),
                        problem.message(),
                        problem.cure()))
                .toList();
    }

    void put(String key, String place, @Nullable String written) {
        Origin earlier = origins.get(key);
        origins.put(key, new Origin(place, written, earlier == null ? ++last : earlier.order()));
    }

    /** A value from above replaces all that was written below this key. */
    void replace(String key, String place) {
        origins.keySet().removeIf(each -> each.equals(key) || each.startsWith(key + "."));
        unfilled.removeIf(each -> each.equals(key) || each.startsWith(key + "."));
        put(key, place, null);
    }

    /** What was written below one key can also be found below the other one. */
    void alias(String written, String alias) {
        var found = new HashMap<String, Origin>();
        origins.forEach((key, origin) -> {
            if (key.equals(written) || key.startsWith(written + ".")) {
                found.put(alias + key.substring(written.length()), origin);
            }
        });
        origins.putAll(found);
    }

    void unfilled(String key) {
        unfilled.add(key);
    }

    boolean isUnfilled(String key) {
        return unfilled.contains(key);
    }

    /** In which order keys were written; what was not written comes last. */
    int order(String key) {
        Origin origin = origins.get(key);
        return origin == null ? Integer.MAX_VALUE : origin.order();
    }

    /** Joins a section's key and a name below it. A dot in a name must not look like a step down. */
    static String join(String section, String name) {
        String escaped = Config.Key.escapeName(name);
        return section.isEmpty() ? escaped : section + "." + escaped;
    }

    private @Nullable Origin nearest(String key) {
        for (String here = key; ; here = here.substring(0, here.lastIndexOf('.'))) {
            Origin origin = origins.get(here);
            if (origin != null || here.indexOf('.') < 0) {
                return origin;
            }
        }
    }

    /** A key as people read it. */
    static String shown(String key) {
        return Config.Key.unescapeName(key).replaceAll("\\p{Cntrl}", "?");
    }
}
