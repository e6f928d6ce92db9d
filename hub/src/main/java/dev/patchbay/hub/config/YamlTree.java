package dev.patchbay.hub.config;

import io.helidon.config.Config;
import io.helidon.config.spi.ConfigNode;
import io.helidon.config.spi.ConfigNode.ListNode;
import io.helidon.config.spi.ConfigNode.ObjectNode;
import io.helidon.config.spi.ConfigNode.ValueNode;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Turns YAML into Helidon's nodes and notes the line of every key.
 *
 * <p>Helidon's own YAML parser is not used: it drops the lines, keeps the last of two equal keys without a word, and turns an
 * id {@code 0123} into 83 and {@code off} into {@code false}. Here a value stays the text that was written.
 */
final class YamlTree {
    static final int DEPTH_MAX = 32;

    /** Far more than any real file holds; a file of aliases upon aliases reaches it at once. */
    static final int VALUES_MAX = 50_000;

    private static final Set<Tag> KNOWN_TAGS =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.SEQ, Tag.MAP, Tag.MERGE);

    private final String file;
    private final @Nullable String onePlace;
    private final Places places;
    private final @Nullable Placeholders placeholders;
    private final List<Problem> problems;
    private int values;
    private boolean tooBig;

    private YamlTree(
            String file,
            @Nullable String onePlace,
            Places places,
            @Nullable Placeholders placeholders,
            List<Problem> problems) {
        this.file = file;
        this.onePlace = onePlace;
        this.places = places;
        this.placeholders = placeholders;
        this.problems = problems;
    }

    /** The tree of a file, null if the file says nothing or cannot be understood; the latter is a problem. */
    static @Nullable ObjectNode ofFile(
            String file, String text, Places places, Placeholders placeholders, List<Problem> problems) {
        var reader = new YamlTree(file, null, places, placeholders, problems);
        Node root = reader.compose(text);
        if (root == null) {
            return null;
        }
        if (!(root instanceof MappingNode mapping)) {
            problems.add(
                    Problem.error(reader.place(root), "", "this is no list of keys", "begin with for instance hub:"));
            return null;
        }
        ObjectNode tree = reader.section("", mapping, 1);
        return reader.tooBig ? null : tree;
    }

    /** A value given on the command line or by the environment as {@code [a, b]} or <code>{key: value}</code>. */
    static @Nullable ConfigNode ofValue(String place, String key, String text, Places places, List<Problem> problems) {
        var reader = new YamlTree(place, place, places, null, problems);
        Node root = reader.compose(text);
        return root == null ? null : reader.node(key, root, 1);
    }

    /** Null if there is nothing. */
    private @Nullable Node compose(String text) {
        var options = new LoaderOptions();
        options.setNestingDepthLimit(DEPTH_MAX);
        options.setCodePointLimit(ConfigLoader.FILE_BYTES_MAX);
        // Bounded below, where the aliases are followed.
        options.setMaxAliasesForCollections(Integer.MAX_VALUE);
        try {
            var parser = new ParserImpl(new StreamReader(new StringReader(text)), options);
            Node root = new Composer(parser, new Resolver(), options).getSingleNode();
            return isNothing(root) ? null : root;
        } catch (MarkedYAMLException wrong) {
            int line =
                    wrong.getProblemMark() == null ? 0 : wrong.getProblemMark().getLine() + 1;
            problems.add(syntax(line, wrong.getProblem()));
        } catch (ReaderException wrong) {
            long line = 1
                    + text.codePoints()
                            .limit(wrong.getPosition())
                            .filter(c -> c == '\n')
                            .count();
            problems.add(syntax((int) line, "a character that YAML does not allow"));
        } catch (YAMLException wrong) {
            problems.add(syntax(0, wrong.getMessage()));
        }
        return null;
    }

    private static boolean isNothing(@Nullable Node root) {
        return root == null || root.getTag().equals(Tag.NULL);
    }

    private Problem syntax(int line, @Nullable String parserSays) {
        String place = onePlace != null || line == 0 ? file : file + ":" + line;
        String what = parserSays == null ? "" : parserSays;
        // The parser quotes names of aliases and tags: a secret that begins with * or ! and lacks its quotes.
        if (what.contains("alias") || what.contains("tag") || what.contains("anchor")) {
            what = "an alias, anchor or tag that is not known";
        }
        what = what.replaceAll("\\s+", " ");
        return Problem.error(
                place,
                "",
                "this is not YAML: " + what,
                what.contains("TAB")
                        ? "indent with blanks"
                        : "look at this line and the one above; put texts with : # [ { @ * & ! % in quotes");
    }

    private ObjectNode section(String key, MappingNode mapping, int depth) {
        var section = ObjectNode.builder();
        var written = new HashMap<String, String>();
        for (NodeTuple entry : mapping.getValue()) {
            String place = place(entry.getKeyNode());
            if (!(entry.getKeyNode() instanceof ScalarNode named)
                    || named.getValue().isBlank()) {
                problems.add(Problem.error(place, key, "a key that is no word", "write KEY: VALUE"));
                continue;
            }
            String name = named.getValue().strip();
            String path = Places.join(key, name);
            String earlier = written.putIfAbsent(name, place);
            if (earlier != null) {
                problems.add(Problem.error(
                        place, Places.shown(path), "written twice, first at " + earlier, "keep one of them"));
            } else if (named.getTag().equals(Tag.MERGE)) {
                problems.add(Problem.error(place, key, "<< is not supported", "write the keys out"));
            } else {
                places.put(path, place, null);
                if (!isNothing(entry.getValueNode())) {
                    section.addNode(Config.Key.escapeName(name), node(path, entry.getValueNode(), depth + 1));
                }
            }
        }
        return section.build();
    }

    private ListNode list(String key, SequenceNode sequence, int depth) {
        var items = new ArrayList<ConfigNode>();
        for (Node item : sequence.getValue()) {
            String path = key + "." + items.size();
            places.put(path, place(item), null);
            items.add(node(path, item, depth + 1));
        }
        return Layers.list(items);
    }

    private ConfigNode node(String key, Node node, int depth) {
        if (tooBig || ++values > VALUES_MAX || depth > DEPTH_MAX) {
            if (!tooBig) {
                tooBig = true;
                problems.add(places.error(
                        key,
                        "aliases make this more than " + VALUES_MAX + " values or " + DEPTH_MAX + " levels",
                        "write the values out"));
            }
            return ObjectNode.empty();
        }
        if (!KNOWN_TAGS.contains(node.getTag())) {
            problems.add(places.error(key, "a tag (!…) is not supported", "put a text that begins with ! in quotes"));
        }
        return switch (node) {
            case MappingNode mapping -> section(key, mapping, depth);
            case SequenceNode sequence -> list(key, sequence, depth);
            case ScalarNode scalar -> ValueNode.create(value(key, scalar));
            default -> ObjectNode.empty();
        };
    }

    private String value(String key, ScalarNode scalar) {
        String text = isNothing(scalar) ? "" : scalar.getValue();
        if (placeholders == null || text.indexOf('$') < 0) {
            return text;
        }
        places.put(key, places.of(key), text);
        return placeholders.fill(key, text, places, problems);
    }

    private String place(Node node) {
        return onePlace != null ? onePlace : file + ":" + (node.getStartMark().getLine() + 1);
    }
}
