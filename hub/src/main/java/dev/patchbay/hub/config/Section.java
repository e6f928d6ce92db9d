package dev.patchbay.hub.config;

import dev.patchbay.api.Settings;
import dev.patchbay.hub.config.Values.Parser;
import dev.patchbay.hub.config.Values.Wrong;
import io.helidon.config.Config;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One section of the merged configuration while it is read: hands out values by name and notes what is wrong with them. A value
 * that is wrong counts as absent, so that reading goes on to the next problem. Blank text counts as absent, too.
 */
final class Section {
    private final Config node;
    private final String key;
    private final String path;
    private final Places places;
    private final List<Problem> problems;
    private final @Nullable Section general;

    /**
     * @param key where it is, for instance {@code agents.main}
     * @param path what it is in the table of {@link Keys}, for instance {@code agents.*}
     */
    Section(Config node, String key, String path, Places places, List<Problem> problems) {
        this(node, key, path, places, problems, null);
    }

    private Section(
            Config node, String key, String path, Places places, List<Problem> problems, @Nullable Section general) {
        this.node = node;
        this.key = key;
        this.path = path;
        this.places = places;
        this.problems = problems;
        this.general = general;
    }

    String place() {
        return places.of(key);
    }

    /** Where it is, for instance {@code agents.main}. */
    String key() {
        return key;
    }

    boolean exists() {
        return node.exists();
    }

    /** A problem with a name of this section, or with the section itself if the name is empty. */
    void wrong(String name, String message, String cure) {
        problems.add(places.error(below(name), message, cure));
    }

    void doubtful(String name, String message, String cure) {
        problems.add(places.warning(below(name), message, cure));
    }

    /** The value as it may be shown in a message. */
    String quoted(String name, String value) {
        return places.quoted(below(name), value);
    }

    /** What is written here, else what the general section says, else the table's default. */
    <T> T value(String name, Parser<T> parser) {
        return optional(name, parser).orElseGet(() -> {
            Key known = Keys.of(pathOf(name));
            return general != null ? general.value(name, parser) : byDefault(known, known.otherwise(), parser);
        });
    }

    <T> Optional<T> optional(String name, Parser<T> parser) {
        return text(name).flatMap(text -> parsed(name, text, Keys.of(pathOf(name)), parser));
    }

    /** The text of a single value. */
    Optional<String> text(String name) {
        Config child = child(name);
        if (!child.exists()) {
            return Optional.empty();
        }
        if (child.type() != Config.Type.VALUE) {
            wrong(name, "takes a single value", "write " + name + ": VALUE");
            return Optional.empty();
        }
        return child.asString().asOptional().map(String::strip).filter(text -> !text.isEmpty());
    }

    /** A value that has to be there; blank if it is not, which is a problem. */
    String required(String name, String cure) {
        Config child = child(name);
        Optional<String> text = text(name);
        if (text.isEmpty() && (!child.exists() || isBlank(name)) && !places.isUnfilled(below(name))) {
            wrong(child.exists() ? name : "", name + " is missing", cure);
        }
        return text.orElse("");
    }

    /** A list of values or a single one; those that are wrong are left out. If nothing is left, as with {@link #value}. */
    <T> List<T> list(String name, Parser<T> parser) {
        List<T> values = written(name, parser);
        if (!values.isEmpty()) {
            return values;
        }
        if (general != null) {
            return general.list(name, parser);
        }
        Key known = Keys.of(pathOf(name));
        return known.otherwise().isEmpty()
                ? List.of()
                : Arrays.stream(known.otherwise().replaceAll("[\\[\\]]", "").split(", ", -1))
                        .map(text -> byDefault(known, text, parser))
                        .toList();
    }

    /** The sections of a list; what is no section is a problem. */
    List<Section> items(String name) {
        Config child = child(name);
        if (child.type() != Config.Type.LIST) {
            if (child.exists() && !isBlank(name)) {
                wrong(name, "takes a list of sections", "write - KEY: VALUE below it");
            }
            return List.of();
        }
        var list = new Section(child, below(name), pathOf(name), places, problems);
        return list.node.asNodeList().orElse(List.of()).stream()
                .map(item -> list.section(item.name()))
                .filter(Section::exists)
                .toList();
    }

    /** The section of this name; if it is not written, one without values. */
    Section section(String name) {
        Config child = child(name);
        if (child.type() != Config.Type.OBJECT && child.exists() && !isBlank(name)) {
            wrong(name, "takes keys, not a value", "write KEY: VALUE below it");
        }
        // Below a value or a list no name exists: such a node stands for a section that is not there.
        Config keys = child.type() == Config.Type.OBJECT ? child : child.get("none");
        return new Section(keys, below(name), pathOf(name), places, problems);
    }

    /** The hub calls this name by another one, in lower case. */
    void rename(String written, String name) {
        if (!written.equals(name)) {
            places.alias(below(written), below(name));
        }
    }

    /** Names written here, in order. */
    List<String> names() {
        return children().stream().map(Config::name).toList();
    }

    /** What the table does not know: the keys of a plugin. */
    Settings rest() {
        return Settings.of(tree(Keys.names(path)));
    }

    /** All that is written here as texts, lists and maps. */
    Map<String, Object> tree(Set<String> without) {
        var tree = new LinkedHashMap<String, Object>();
        for (Config child : children()) {
            if (!without.contains(child.name())) {
                tree.put(child.name(), tree(child));
            }
        }
        return tree;
    }

    /** Complains about names that the table does not know. */
    void refuseUnknown() {
        for (String name : names()) {
            if (Keys.below(path, name).isEmpty()) {
                wrong(name, "unknown key", Keys.cure(path, name));
            }
        }
    }

    /** This section with the other one's keys and, for what is not written here, its values. */
    Section over(Section other) {
        return new Section(node, key, other.path, places, problems, other);
    }

    /** True if something stands here that holds no value at all. */
    boolean isBlank(String name) {
        Config child = child(name);
        return switch (child.type()) {
            case VALUE -> child.asString().orElse("").isBlank();
            case LIST, OBJECT -> child.asNodeList().orElse(List.of()).isEmpty();
            case MISSING -> false;
        };
    }

    private <T> List<T> written(String name, Parser<T> parser) {
        Config child = child(name);
        if (child.type() == Config.Type.LIST) {
            var items = new Section(child, below(name), pathOf(name), places, problems);
            return child.asNodeList().orElse(List.of()).stream()
                    .flatMap(item -> items
                            .text(item.name())
                            .flatMap(text -> items.parsed(item.name(), text, Keys.of(items.path), parser))
                            .stream())
                    .toList();
        }
        if (child.type() == Config.Type.OBJECT) {
            wrong(name, "takes a list", "write " + name + ": [A, B]");
            return List.of();
        }
        return optional(name, parser).map(List::of).orElse(List.of());
    }

    private static <T> T byDefault(Key known, String text, Parser<T> parser) {
        try {
            return parser.parse(text, known);
        } catch (Wrong impossible) {
            throw new IllegalStateException("the default of " + known.path() + " " + impossible.what(), impossible);
        }
    }

    private Object tree(Config child) {
        return switch (child.type()) {
            case VALUE -> child.asString().orElse("");
            case LIST ->
                child.asNodeList().orElse(List.of()).stream().map(this::tree).toList();
            default -> new Section(child, keyOf(child), Keys.OPEN, places, problems).tree(Set.of());
        };
    }

    private <T> Optional<T> parsed(String name, String text, Key known, Parser<T> parser) {
        try {
            return Optional.of(parser.parse(text, known));
        } catch (Wrong wrong) {
            wrong(name, quoted(name, text) + " " + wrong.what(), wrong.cure());
            return Optional.empty();
        }
    }

    private List<Config> children() {
        return node.asNodeList().orElse(List.of()).stream()
                .sorted(Comparator.<Config>comparingInt(child -> places.order(keyOf(child)))
                        .thenComparing(Config::name))
                .toList();
    }

    private Config child(String name) {
        return node.get(Config.Key.escapeName(name));
    }

    private String keyOf(Config child) {
        return child.key().toString();
    }

    private String below(String name) {
        return name.isEmpty() ? key : Places.join(key, name);
    }

    private String pathOf(String name) {
        return Keys.below(path, name);
    }
}
