package dev.patchbay.hub.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.patchbay.hub.command.screen.Failure;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

class PluginSkeletonTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenCompilesAndPassesTheContract() throws Exception {
        // Given
        List<Path> files =
                new PluginSkeleton("pager", "org.example.pager", "0.1.0-SNAPSHOT").write(folder.resolve("new"));

        // When
        Path classes = compiled(
                files.stream().filter(file -> file.toString().endsWith(".java")).toList());

        // Then
        assertThat(files).extracting(file -> file.getFileName().toString()).contains("pom.xml", "PagerPlugin.java");
        assertThat(Files.readString(classes.resolve("META-INF/extensions.idx")))
                .contains("org.example.pager.PagerPlugin");
        assertThat(files)
                .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain("@type@", "@Type@", "@api@"));
        var summary = contract(classes).getSummary();
        assertThat(summary.getFailures())
                .extracting(failure -> failure.getException())
                .isEmpty();
        assertThat(summary.getTestsSucceededCount()).isGreaterThan(8);
    }

    @Test
    void aFolderThatHoldsSomethingIsLeftAsItIs() throws Exception {
        // Given
        Files.writeString(folder.resolve("mine"), "mine");

        // When, Then
        assertThatThrownBy(() -> new PluginSkeleton("pager", "org.example", "0.1.0").write(folder))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("not empty");
        assertThat(folder).isDirectoryContaining(file -> file.endsWith("mine"));
    }

    @Test
    void namesThatNoSourceCouldHaveAreRefused() {
        assertThatThrownBy(() -> new PluginSkeleton("../x", "org.example", "0.1.0"))
                .isInstanceOf(Failure.class);
        assertThatThrownBy(() -> new PluginSkeleton("Pager", "org.example", "0.1.0"))
                .isInstanceOf(Failure.class);
        assertThatThrownBy(() -> new PluginSkeleton("pager", "org..example", "0.1.0"))
                .isInstanceOf(Failure.class);
    }

    private Path compiled(List<Path> sources) throws Exception {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var said = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            var options = List.of(
                    "-proc:full",
                    "-d",
                    classes.toString(),
                    "-classpath",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
            boolean isDone = compiler.getTask(
                            said,
                            manager,
                            null,
                            options,
                            null,
                            manager.getJavaFileObjectsFromPaths(new ArrayList<>(sources)))
                    .call();
            assertThat(isDone).as(said.toString()).isTrue();
        }
        return classes;
    }

    private static SummaryGeneratingListener contract(Path classes) throws Exception {
        var listener = new SummaryGeneratingListener();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(selectClass(loader.loadClass("org.example.pager.PagerChannelTest")))
                    // As in a project of its own: this one's junit-platform.properties are not the author's.
                    .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                    .build();
            LauncherFactory.create().execute(request, listener);
        } finally {
            thread.setContextClassLoader(before);
        }
        return listener;
    }
}
