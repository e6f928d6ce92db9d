package dev.patchbay.hub.failpoint;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** Starts {@link TrialChild} many times: the first one teaches the JVM, so that the others start in half the time. */
final class Children {
    /** No child of a trial takes so long, however busy the machine is. */
    private static final int LIMIT_SECONDS = 120;

    private final Path cache;
    private final String classPath;

    /** How a child ended, and what it said. */
    record End(int code, String output) {}

    Children(Path folder) throws Exception {
        cache = folder.resolve("classes.aot");
        classPath = jars(folder);
        Path home = Files.createDirectories(folder.resolve("teaching").resolve("hub"));
        End taught = run("-XX:AOTCacheOutput=" + cache, home, "", Errand.TALK, 1);
        if (taught.code() != 0) {
            throw new IllegalStateException("a hub in which nothing fails: " + taught);
        }
    }

    /** Runs one to its end. */
    End run(Path home, String armed, Errand errand, int messages) throws Exception {
        return run("-XX:AOTCache=" + cache, home, armed, errand, messages);
    }

    private End run(String cacheOption, Path home, String armed, Errand errand, int messages) throws Exception {
        Path output = home.resolveSibling("output");
        Process child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        cacheOption,
                        "-Xlog:aot*=off",
                        "-Xlog:cds*=off",
                        "-cp",
                        classPath,
                        TrialChild.class.getName(),
                        home.toString(),
                        armed,
                        errand.name(),
                        "" + messages)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!child.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                return new End(-1, "no end within " + LIMIT_SECONDS + " s:\n" + Files.readString(output));
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        return new End(child.exitValue(), Files.readString(output));
    }

    /** What the JVM learns of classes holds for those in jars only. */
    private static String jars(Path folder) throws IOException {
        var entries = new ArrayList<String>();
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path place = Path.of(each);
            if (Files.isDirectory(place)) {
                Path jar = folder.resolve("classes-" + entries.size() + ".jar");
                pack(place, jar);
                entries.add(jar.toString());
            } else if (Files.exists(place)) {
                entries.add(each);
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    private static void pack(Path classes, Path jar) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(classes)) {
            files = all.filter(each -> !each.equals(classes)).toList();
        }
        try (OutputStream file = Files.newOutputStream(jar);
                var out = new JarOutputStream(file)) {
            out.setLevel(0);
            for (Path each : files) {
                String name = classes.relativize(each).toString().replace(File.separatorChar, '/');
                // With its folders: migrations are looked for in one.
                boolean isFolder = Files.isDirectory(each);
                out.putNextEntry(new ZipEntry(isFolder ? name + "/" : name));
                if (!isFolder) {
                    Files.copy(each, out);
                }
            }
        }
    }
}
