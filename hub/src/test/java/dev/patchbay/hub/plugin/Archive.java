package dev.patchbay.hub.plugin;

import dev.patchbay.api.ChannelPlugin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.pf4j.Extension;
import org.slf4j.Logger;

/** A real plugin file, compiled and packed while the test runs. For one thread. */
public final class Archive {
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, String> manifest = new LinkedHashMap<>();
    private boolean processed = true;

    public static Archive plugin(String id, String version) {
        return new Archive().manifest("Plugin-Id", id).manifest("Plugin-Version", version);
    }

    /** A plugin whose one channel, {@code type}, does nothing wrong. */
    public static Archive channel(String id, String version, String type) {
        return plugin(id, version).source("demo.Demo", channelSource("demo", "Demo", type, ""));
    }

    /** A channel plugin's source; {@code more} goes into the class. */
    public static String channelSource(String packageName, String className, String type, String more) {
        return """
            package %s;
            import dev.patchbay.api.*;
            @org.pf4j.Extension
            public class %s implements ChannelPlugin {
                public String type() { return "%s"; }
                public String accountSchema() { return "{\\"type\\":\\"object\\"}"; }
                public Channel open(ChannelSettings settings, ChannelHost host) throws Exception {
                    return new Channel() {
                        public DeliveryOutcome deliver(OutboundMessage message) {
                            return new DeliveryOutcome.Delivered("r");
                        }
                        public void close() {}
                    };
                }
                %s
            }
            """.formatted(packageName, className, type, more);
    }

    public Archive manifest(String key, String value) {
        manifest.put(key, value);
        return this;
    }

    public Archive source(String className, String source) {
        sources.put(className, source);
        return this;
    }

    public Archive entry(String name, String content) {
        return entry(name, content.getBytes(StandardCharsets.UTF_8));
    }

    public Archive entry(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    /** Puts the API's own classes in, as a careless build does. */
    public Archive bundlingTheApi() throws IOException {
        Path api = locationOf(ChannelPlugin.class);
        if (Files.isDirectory(api)) {
            return all(api);
        }
        // A build that packages the API before it tests the hub has a jar here.
        try (FileSystem jar = FileSystems.newFileSystem(api)) {
            return all(jar.getPath("/"));
        }
    }

    /** Classes only: the manifest is the plugin's own. */
    private Archive all(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".class")).toList()) {
                entry(root.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return this;
    }

    public Archive withoutAnnotationProcessing() {
        processed = false;
        return this;
    }

    /** Packs a jar with its manifest. */
    public Path jar(Path file) throws IOException {
        var all = new LinkedHashMap<String, byte[]>();
        var lines = new StringBuilder("Manifest-Version: 1.0\n");
        manifest.forEach(
                (key, value) -> lines.append(key).append(": ").append(value).append('\n'));
        all.put("META-INF/MANIFEST.MF", lines.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        all.putAll(compiled());
        all.putAll(entries);
        return write(file, all);
    }

    /** Packs a zip: plugin.properties, classes/, and what was put in beside. */
    public Path zip(Path file) throws IOException {
        var all = new LinkedHashMap<String, byte[]>();
        String properties = manifest.entrySet().stream()
                .map(each -> each.getKey().replace("Plugin-", "plugin.").toLowerCase(java.util.Locale.ROOT) + "="
                        + each.getValue())
                .collect(Collectors.joining("\n"));
        all.put("plugin.properties", properties.getBytes(StandardCharsets.UTF_8));
        compiled().forEach((name, content) -> all.put("classes/" + name, content));
        all.putAll(entries);
        return write(file, all);
    }

    private static Path write(Path file, Map<String, byte[]> all) throws IOException {
        Files.createDirectories(file.getParent());
        try (var out = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> each : all.entrySet()) {
                out.putNextEntry(new ZipEntry(each.getKey()));
                out.write(each.getValue());
            }
        }
        return file;
    }

    private Map<String, byte[]> compiled() throws IOException {
        var classes = new LinkedHashMap<String, byte[]>();
        if (sources.isEmpty()) {
            return classes;
        }
        Path folder = Files.createTempDirectory("plugin");
        String path = Stream.of(ChannelPlugin.class, Extension.class, Logger.class, NullMarked.class)
                .map(Archive::locationOf)
                .map(Path::toString)
                .collect(Collectors.joining(System.getProperty("path.separator")));
        var arguments = new ArrayList<>(List.of("-d", folder.toString(), "-classpath", path));
        arguments.addAll(processed ? List.of("-proc:full", "-processorpath", path) : List.of("-proc:none"));
        for (Map.Entry<String, String> each : sources.entrySet()) {
            Path file = folder.resolve(each.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            Files.writeString(file, each.getValue());
            arguments.add(file.toString());
        }
        var said = new ByteArrayOutputStream();
        if (ToolProvider.getSystemJavaCompiler().run(null, said, said, arguments.toArray(String[]::new)) != 0) {
            throw new IllegalStateException(said.toString(StandardCharsets.UTF_8));
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.toString().endsWith(".java")) {
                    classes.put(folder.relativize(file).toString(), Files.readAllBytes(file));
                }
            }
        }
        return classes;
    }

    private static Path locationOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException wrong) {
            throw new UncheckedIOException(new IOException(wrong));
        }
    }
}
