package dev.patchbay.hub.config;

import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.helidon.config.spi.ConfigNode;
import io.helidon.config.spi.ConfigNode.ListNode;
import io.helidon.config.spi.ConfigNode.ObjectNode;
import io.helidon.config.spi.ConfigNode.ValueNode;
import io.helidon.config.spi.MergingStrategy;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays sources over each other: sections are merged key by key, everything else is replaced. Helidon's own way would mend a
 * shorter list with the tail of the longer one below it.
 */
final class Layers implements MergingStrategy {

    /**
     * One configuration of all sources, the strongest first. Nothing is searched for: no services, no environment, no system
     * properties; they cost start-up time and let strangers in.
     */
    static Config config(List<ObjectNode> sources) {
        var builder = Config.builder()
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .disableKeyResolving()
                .disableValueResolving()
                .disableParserServices()
                .disableMapperServices()
                .disableFilterServices()
                .disableCaching()
                .mergingStrategy(new Layers());
        sources.forEach(source -> builder.addSource(ConfigSources.create(source)));
        return builder.build();
    }

    @Override
    public ObjectNode merge(List<ObjectNode> strongestFirst) {
        ObjectNode merged = ObjectNode.empty();
        for (ObjectNode weaker : strongestFirst) {
            merged = sections(merged, weaker);
        }
        return merged;
    }

    private static ObjectNode sections(ObjectNode strong, ObjectNode weak) {
        var merged = ObjectNode.builder();
        weak.forEach((name, below) -> {
            ConfigNode over = strong.get(name);
            merged.addNode(Config.Key.escapeName(name), over == null ? below : nodes(over, below));
        });
        strong.forEach((name, over) -> {
            if (!weak.containsKey(name)) {
                merged.addNode(Config.Key.escapeName(name), over);
            }
        });
        return merged.build();
    }

    private static ConfigNode nodes(ConfigNode strong, ConfigNode weak) {
        if (strong instanceof ObjectNode section) {
            if (weak instanceof ObjectNode below) {
                return sections(section, below);
            }
            if (weak instanceof ListNode below && isPositions(section)) {
                return positions(section, below);
            }
        }
        return strong;
    }

    /** {@code tokens.0.name} changes the first of a list; the position after the last one adds to it. */
    private static ListNode positions(ObjectNode strong, ListNode weak) {
        var items = new ArrayList<ConfigNode>(weak);
        // One position at a time: every override is a source of its own.
        strong.forEach((name, over) -> {
            int position = Integer.parseInt(name);
            if (position < items.size()) {
                items.set(position, nodes(over, items.get(position)));
            } else {
                items.add(over);
            }
        });
        return list(items);
    }

    private static boolean isPositions(ObjectNode section) {
        return !section.isEmpty() && section.keySet().stream().allMatch(name -> name.matches("0|[1-9]\\d{0,3}"));
    }

    static ListNode list(List<ConfigNode> items) {
        var list = ListNode.builder();
        for (ConfigNode item : items) {
            switch (item) {
                case ObjectNode section -> list.addObject(section);
                case ListNode below -> list.addList(below);
                case ConfigNode value -> list.addValue((ValueNode) value);
            }
        }
        return list.build();
    }
}
