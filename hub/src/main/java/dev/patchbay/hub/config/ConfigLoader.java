package dev.patchbay.hub.config;

import io.helidon.config.spi.ConfigNode.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes one configuration of {@code --set}, the environment, the file and the defaults; the earlier in this list wins. Never
 * throws for what people wrote: it becomes a {@link Problem}, and all of them are found at once.
 */
public final class ConfigLoader {
    /** Read if no other file is named and this one exists. */
    public static final String DEFAULT_FILE = "config/hub.yaml";

    /** A larger file is refused. */
    public static final int FILE_BYTES_MAX = 1 << 20;

    private static final String COMMAND_LINE = "--set";

    private final Map<String, String> environment;
    private final Path workingDirectory;

    /**
     * @param environment usually {@link System#getenv()}
     * @param workingDirectory relative paths start here
     */
    public ConfigLoader(Map<String, String> environment, Path workingDirectory) {
        this.environment = Map.copyOf(environment);
        this.workingDirectory = workingDirectory;
    }

    /**
     * Loads afresh; may be called any number of times.
     *
     * @param file as it was named on the command line; empty: {@link #DEFAULT_FILE} if there is one, else only defaults
     * @param sets each {@code key=value}; of equal keys the last one wins
     */
    public LoadedConfig load(Optional<String> file, List<String> sets) {
        boolean isFile = file.isPresent() || Files.exists(workingDirectory.resolve(DEFAULT_FILE));
        String source = isFile ? file.orElse(DEFAULT_FILE) : "defaults";
        var places = new Places(source);
        var placeholders = new Placeholders(environment);
        var problems = new ArrayList<Problem>();
        ObjectNode tree = isFile ? tree(source, places, placeholders, problems) : ObjectNode.empty();
        if (tree == null) {
            // Whatever else we could say would be about the defaults, and so would be a guess.
            HubConfig defaults = read(List.of(defaults(ObjectNode.empty())), source, places, new ArrayList<>());
            return new LoadedConfig(defaults, problems, places, List.of());
        }
        var overrides = new Overrides(List.of(tree, defaults(tree)), places, problems);
        setFromEnvironment(overrides, placeholders.asked(), problems);
        sets.forEach(set -> setFromCommandLine(set, overrides, problems));
        HubConfig config = read(overrides.sources(), source, places, problems);
        List<Variable> variables = placeholders.needed(places);
        variables.stream()
                .filter(variable -> variable.isRequired() && !variable.isSet())
                .map(Placeholders::missing)
                .forEach(problems::add);
        return new LoadedConfig(config, problems, places, variables);
    }

    private HubConfig read(List<ObjectNode> sources, String source, Places places, List<Problem> problems) {
        var root = new Section(Layers.config(sources), "", "", places, problems);
        return new ConfigReader(workingDirectory).read(root, source);
    }

    /** Who configures no agents has the echo; who configures no channels has the terminal and one webhook. */
    private static ObjectNode defaults(ObjectNode tree) {
        var defaults = ObjectNode.builder().addValue("channels.cli.enabled", "true");
        if (!tree.containsKey("agents")) {
            defaults.addValue("agents.main.type", "echo");
        }
        if (!tree.containsKey("channels")) {
            defaults.addValue("channels.webhook.accounts.default.verify", "none");
            defaults.addValue("channels.webhook.accounts.default.reply", "queue");
        }
        return defaults.build();
    }

    private void setFromEnvironment(Overrides overrides, List<Variable> asked, List<Problem> problems) {
        Set<String> placeholders = asked.stream().map(Variable::name).collect(Collectors.toSet());
        environment.keySet().stream()
                .filter(name -> name.startsWith(EnvironmentKeys.PREFIX))
                .filter(name -> !EnvironmentKeys.OTHERS.contains(name) && !placeholders.contains(name))
                // So that the first of a list comes before the second, and the second before the tenth.
                .sorted(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
                .forEach(name -> EnvironmentKeys.names(name, overrides.merged())
                        .ifPresentOrElse(
                                names -> overrides.set(name, names, environment.getOrDefault(name, "")),
                                () -> problems.add(unknown(name))));
    }

    /** Only a warning: other people name their variables as they like. */
    private static Problem unknown(String variable) {
        List<String> known = Keys.all().stream()
                .filter(key -> key.path().indexOf('*') < 0)
                .map(key -> EnvironmentKeys.variable(key.path()))
                .toList();
        return Problem.warning(
                variable,
                "",
                "no key of the configuration has this name",
                Nearest.to(variable, known)
                        .map(nearest -> "did you mean " + nearest + "?")
                        .orElse("rename the variable if it is not meant for Patchbay"));
    }

    private static void setFromCommandLine(String set, Overrides overrides, List<Problem> problems) {
        int equals = set.indexOf('=');
        List<String> names = Arrays.stream(set.substring(0, Math.max(0, equals)).split("\\.", -1))
                .map(String::strip)
                .toList();
        if (equals <= 0 || names.stream().anyMatch(String::isEmpty)) {
            // Not quoted: without a key nobody knows whether it is a secret.
            problems.add(Problem.error(
                    COMMAND_LINE,
                    "",
                    "one of the values has no key",
                    "write --set key=value, for instance server.port=8081"));
            return;
        }
        overrides.set(COMMAND_LINE, names, set.substring(equals + 1));
    }

    /** Null if there is no telling what the file says; why not is a problem. */
    private @Nullable ObjectNode tree(String file, Places places, Placeholders placeholders, List<Problem> problems) {
        String text = text(file, problems);
        if (text == null) {
            return null;
        }
        ObjectNode tree = YamlTree.ofFile(file, text, places, placeholders, problems);
        // A file that says nothing, or has only comments, leaves everything as it is by default.
        return tree == null && problems.isEmpty() ? ObjectNode.empty() : tree;
    }

    private @Nullable String text(String file, List<Problem> problems) {
        try {
            Path path = workingDirectory.resolve(file);
            if (Files.isDirectory(path)) {
                problems.add(Problem.error(file, "", "this is a folder", "name a YAML file"));
                return null;
            }
            byte[] bytes;
            try (InputStream in = Files.newInputStream(path)) {
                bytes = in.readNBytes(FILE_BYTES_MAX + 1);
            }
            if (bytes.length > FILE_BYTES_MAX) {
                problems.add(Problem.error(file, "", "the file is larger than 1 MB", "name the hub's own YAML file"));
                return null;
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (NoSuchFileException missing) {
            problems.add(Problem.error(file, "", "there is no such file", "name another one with --config FILE"));
        } catch (AccessDeniedException denied) {
            problems.add(
                    Problem.error(file, "", "the file may not be read", "give the hub's user the right to read it"));
        } catch (CharacterCodingException wrong) {
            problems.add(Problem.error(file, "", "the file is not UTF-8", "save it as UTF-8"));
        } catch (InvalidPathException | IOException wrong) {
            problems.add(Problem.error(file, "", "the file cannot be read", "name another one with --config FILE"));
        }
        return null;
    }
}
