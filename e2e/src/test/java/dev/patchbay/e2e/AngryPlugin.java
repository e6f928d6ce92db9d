package dev.patchbay.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A drop-in jar, compiled against the distribution as an author would, whose channel {@code angry} throws from whatever is called. */
final class AngryPlugin {
    private static final String SOURCE = """
        package angry;

        import dev.patchbay.api.*;
        import java.util.Set;
        import java.util.concurrent.atomic.AtomicInteger;

        @org.pf4j.Extension
        public class Angry implements ChannelPlugin {
            private final AtomicInteger calls = new AtomicInteger();

            public String type() { return "angry"; }
            public String accountSchema() { return "{\\"type\\":\\"object\\"}"; }
            public Set<Capability> capabilities(ChannelSettings settings) {
                return Set.of(Capability.SEND, Capability.TYPING, Capability.DRAFTS);
            }
            public Channel open(ChannelSettings settings, ChannelHost host) {
                host.report(ChannelHost.Condition.RUNNING, "");
                return new Channel() {
                    public DeliveryOutcome deliver(OutboundMessage message) { throw anger(); }
                    public DeliveryOutcome reconcile(OutboundMessage message) { throw anger(); }
                    public DeliveryOutcome draft(Draft draft) { throw anger(); }
                    public void typing(Peer to, String threadId) { throw anger(); }
                    public void retract(Draft draft) { throw anger(); }
                    public void close() { throw anger(); }
                };
            }
            private RuntimeException anger() {
                switch (calls.incrementAndGet() % 4) {
                    case 0: throw new StackOverflowError("angry");
                    case 1: throw new LinkageError("angry");
                    case 2: throw new IllegalStateException("angry");
                    default: throw new AssertionError("angry");
                }
            }
        }
        """;

    private AngryPlugin() {}

    /** Puts the jar into a folder of drop-ins. */
    static void into(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path work = Files.createTempDirectory(folder.getParent(), "angry");
        Path source = Files.writeString(work.resolve("Angry.java"), SOURCE);
        String classPath;
        try (Stream<Path> jars =
                Files.list(Path.of(System.getProperty("patchbay.dist", "../dist/target/patchbay"), "lib"))) {
            classPath = String.join(
                    java.io.File.pathSeparator, jars.map(Path::toString).toList());
        }
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-cp", classPath, "-d", work.toString(), source.toString());
        if (result != 0) {
            throw new AssertionError("the plugin does not compile");
        }
        try (Stream<Path> classes = Files.list(work.resolve("angry"));
                var jar = new JarOutputStream(Files.newOutputStream(folder.resolve("angry.jar")))) {
            add(
                    jar,
                    "META-INF/MANIFEST.MF",
                    bytes("Manifest-Version: 1.0\nPlugin-Id: angry\nPlugin-Version: 1.0.0\n\n"));
            add(jar, "META-INF/extensions.idx", bytes("angry.Angry\n"));
            for (Path each : List.copyOf(classes.toList())) {
                add(jar, "angry/" + each.getFileName(), Files.readAllBytes(each));
            }
        }
    }

    private static void add(JarOutputStream jar, String name, byte[] content) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(content);
        jar.closeEntry();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
