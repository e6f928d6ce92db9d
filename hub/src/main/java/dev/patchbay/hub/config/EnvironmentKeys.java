package dev.patchbay.hub.config;

import io.helidon.config.spi.ConfigNode;
import io.helidon.config.spi.ConfigNode.ListNode;
import io.helidon.config.spi.ConfigNode.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the key that an environment variable means. {@code .} and {@code -} both become {@code _}, so the way back needs to know
 * the keys: those of the table and those that are written in the file; longer names win.
 */
final class EnvironmentKeys {
    static final String PREFIX = "PATCHBAY_";

    /** Variables of the commands and the launcher, which set no key. */
    static final Set<String> OTHERS =
            Set.of("PATCHBAY_URL", "PATCHBAY_TOKEN", "PATCHBAY_CONFIG", "PATCHBAY_LOG", "PATCHBAY_JAVA_OPTS");

    private EnvironmentKeys() {}

    /** The key's parts; empty if no key is meant. */
    static Optional<List<String>> names(String variable, ObjectNode tree) {
        return find(variable.substring(PREFIX.length()), "", tree);
    }

    /** The variable that sets a key. */
    static String variable(String key) {
        return PREFIX + form(key);
    }

    private static Optional<List<String>> find(String rest, String path, @Nullable ConfigNode here) {
        for (String name : candidates(rest, path, here)) {
            Optional<List<String>> found = follow(name, rest, path, here);
            if (found.isPresent()) {
                return found;
            }
        }
        // Below an open section nothing more is known: what is left is one name.
        return Keys.isOpen(path) && !rest.isEmpty()
                ? Optional.of(List.of(rest.toLowerCase(Locale.ROOT).replace('_', '-')))
                : Optional.empty();
    }

    private static Optional<List<String>> follow(String name, String rest, String path, @Nullable ConfigNode here) {
        String form = form(name);
        if (rest.equals(form)) {
            return Optional.of(List.of(name));
        }
        if (!rest.startsWith(form + "_")) {
            return Optional.empty();
        }
        return find(rest.substring(form.length() + 1), Keys.below(path, name), child(here, name))
                .map(below -> {
                    var names = new ArrayList<String>();
                    names.add(name);
                    names.addAll(below);
                    return List.copyOf(names);
                });
    }

    /** Known names, longest first; then, where any name may stand, the next word. */
    private static Set<String> candidates(String rest, String path, @Nullable ConfigNode here) {
        var known = new ArrayList<>(Keys.names(path));
        if (here instanceof ObjectNode section) {
            known.addAll(section.keySet());
        } else if (here instanceof ListNode list) {
            IntStream.range(0, list.size()).mapToObj(Integer::toString).forEach(known::add);
        }
        known.sort(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        var candidates = new LinkedHashSet<>(known);
        int end = rest.indexOf('_');
        String word = (end < 0 ? rest : rest.substring(0, end)).toLowerCase(Locale.ROOT);
        if (Keys.below(path, word).endsWith("*") && !Keys.below(path, word).equals(Keys.OPEN)) {
            candidates.add(word);
        }
        return candidates;
    }

    private static @Nullable ConfigNode child(@Nullable ConfigNode here, String name) {
        return switch (here) {
            case ObjectNode section -> section.get(name);
            case ListNode list
            when name.matches("\\d{1,4}") && Integer.parseInt(name) < list.size() -> list.get(Integer.parseInt(name));
            case null, default -> null;
        };
    }

    private static String form(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }
}
