package dev.patchbay.hub.config;

import dev.patchbay.hub.config.Key.Kind;
import io.helidon.config.Config;
import io.helidon.config.spi.ConfigNode;
import io.helidon.config.spi.ConfigNode.ListNode;
import io.helidon.config.spi.ConfigNode.ObjectNode;
import io.helidon.config.spi.ConfigNode.ValueNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values that lie over the file: from the environment, then from the command line. Each becomes a source of its own, and each
 * may build upon the one before.
 */
final class Overrides {
    static final int COUNT_MAX = 1_000;

    private final Places places;
    private final List<Problem> problems;
    private final List<ObjectNode> strongestFirst = new ArrayList<>();

    /** All sources so far as one, to see what there is to be overridden. */
    private ObjectNode merged;

    Overrides(List<ObjectNode> below, Places places, List<Problem> problems) {
        this.places = places;
        this.problems = problems;
        this.strongestFirst.addAll(below);
        this.merged = new Layers().merge(below);
    }

    /** The sources below and all that was set, the strongest first. */
    List<ObjectNode> sources() {
        return List.copyOf(strongestFirst);
    }

    ObjectNode merged() {
        return merged;
    }

    /**
     * Lays a value over what there is.
     *
     * @param place where it comes from, for messages
     * @param names the key's parts
     */
    void set(String place, List<String> names, String text) {
        String key = names.stream().reduce("", Places::join);
        if (strongestFirst.size() > COUNT_MAX) {
            problems.add(Problem.error(place, key, "more than " + COUNT_MAX + " values", "write a configuration file"));
            return;
        }
        layer(place, names, 0, "", "", merged, text).ifPresent(node -> {
            ObjectNode layer = (ObjectNode) node;
            strongestFirst.addFirst(layer);
            merged = new Layers().merge(List.of(layer, merged));
        });
    }

    private Optional<? extends ConfigNode> layer(
            String place,
            List<String> names,
            int depth,
            String key,
            String path,
            @Nullable ConfigNode here,
            String text) {
        if (depth == names.size()) {
            places.replace(key, place);
            return Optional.of(value(place, key, Keys.kind(path), Keys.isOpen(path), text));
        }
        String name = names.get(depth);
        boolean isList = here instanceof ListNode || (here == null && isList(Keys.kind(path)));
        ConfigNode next = here instanceof ObjectNode section ? section.get(name) : null;
        if (isList) {
            int size = here instanceof ListNode list ? list.size() : 0;
            int position = name.matches("\\d{1,4}") ? Integer.parseInt(name) : -1;
            if (position < 0 || position > size) {
                problems.add(Problem.error(
                        place,
                        Places.shown(Places.join(key, name)),
                        "this list has " + size + " entries",
                        size == 0 ? "write 0 to begin it" : "write 0 to " + size + " (one more)"));
                return Optional.empty();
            }
            next = here instanceof ListNode list && position < size ? list.get(position) : null;
        }
        var below = layer(place, names, depth + 1, Places.join(key, name), Keys.below(path, name), next, text);
        if (isList && here == null) {
            return below.map(node -> Layers.list(List.of(node)));
        }
        return below.map(node ->
                ObjectNode.builder().addNode(Config.Key.escapeName(name), node).build());
    }

    /** Text, unless lists or sections are expected or possible and the text looks like one. */
    private ConfigNode value(String place, String key, Kind kind, boolean isOpen, String text) {
        boolean takesTree = isList(kind) || kind == Kind.SECTION || isOpen;
        String bare = text.strip();
        if (takesTree && (bare.startsWith("[") || bare.startsWith("{"))) {
            var troubles = new ArrayList<Problem>();
            ConfigNode tree = YamlTree.ofValue(place, key, bare, places, troubles);
            if (tree != null && troubles.isEmpty()) {
                return tree;
            }
            if (!isOpen) {
                problems.addAll(troubles);
                return ListNode.builder().build();
            }
        }
        if (kind == Kind.LIST) {
            return Layers.list(Arrays.stream(bare.split(","))
                    .<ConfigNode>map(item -> ValueNode.create(item.strip()))
                    .toList());
        }
        return ValueNode.create(text);
    }

    private static boolean isList(Kind kind) {
        return kind == Kind.LIST || kind == Kind.SECTIONS;
    }
}
