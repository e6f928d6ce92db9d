package dev.patchbay.hub.command;

import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The beginning of a channel plugin: a project that builds, passes the contract and can be installed as it is. */
final class PluginSkeleton {
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9]{0,31}");
    private static final Pattern PACKAGE = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*");

    private final String type;
    private final String packageName;
    private final String version;

    /**
     * A skeleton that is not written yet.
     *
     * @param type the channel's name, also the plugin's id
     * @param version of the hub, whose API it is built with
     * @throws Failure if a name cannot be used
     */
    PluginSkeleton(String type, String packageName, String version) {
        if (!TYPE.matcher(type).matches()) {
            throw new Failure(
                    ExitCode.USAGE, "\"" + type + "\" is no name for a channel", "write a-z and 0-9, at most 32");
        }
        if (!PACKAGE.matcher(packageName).matches()) {
            throw new Failure(
                    ExitCode.USAGE,
                    "\"" + packageName + "\" is no name for a package",
                    "write for instance org.example");
        }
        this.type = type;
        this.packageName = packageName;
        this.version = version;
    }

    /**
     * Writes the project.
     *
     * @return the files, in the order in which one would read them
     * @throws Failure if the folder is there and not empty, or cannot be written
     */
    List<Path> write(Path folder) {
        String sources = packageName.replace('.', '/') + "/";
        String name = type.substring(0, 1).toUpperCase(Locale.ROOT) + type.substring(1);
        Map<String, String> files = new LinkedHashMap<>();
        files.put("README.md", "README.md");
        files.put("pom.xml", "pom.xml");
        files.put("Plugin.java", "src/main/java/" + sources + name + "Plugin.java");
        files.put("Channel.java", "src/main/java/" + sources + name + "Channel.java");
        files.put("ChannelTest.java", "src/test/java/" + sources + name + "ChannelTest.java");
        try {
            refuseFull(folder);
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path target = folder.resolve(file.getValue());
                Files.createDirectories(Objects.requireNonNull(target.getParent()));
                Files.writeString(target, template(file.getKey()).replace("@Type@", name));
            }
        } catch (IOException unwritable) {
            throw new Failure(
                    ExitCode.FAILED, folder + " cannot be written", "choose another folder with --into", unwritable);
        }
        return files.values().stream().map(folder::resolve).toList();
    }

    private static void refuseFull(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> inside = Files.isDirectory(folder) ? Files.list(folder) : Stream.of(folder)) {
            if (inside.findAny().isPresent()) {
                throw new Failure(
                        ExitCode.FAILED,
                        folder + " is not empty",
                        "choose another folder with --into, or empty this one");
            }
        }
    }

    private String template(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(PluginSkeleton.class.getResourceAsStream("skeleton/" + name + ".txt"), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@package@", packageName)
                    .replace("@type@", type)
                    .replace("@version@", version)
                    .replace("@api@", version.replaceFirst("-.*", ""));
        }
    }
}
