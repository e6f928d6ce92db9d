package dev.patchbay.hub.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.pf4j.AbstractPluginManager;
import org.pf4j.DefaultExtensionFactory;
import org.pf4j.DefaultExtensionFinder;
import org.pf4j.DefaultPluginFactory;
import org.pf4j.DefaultVersionManager;
import org.pf4j.ExtensionFactory;
import org.pf4j.ExtensionFinder;
import org.pf4j.ManifestPluginDescriptorFinder;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginDescriptorFinder;
import org.pf4j.PluginFactory;
import org.pf4j.PluginLoader;
import org.pf4j.PluginRepository;
import org.pf4j.PluginStatusProvider;
import org.pf4j.PropertiesPluginDescriptorFinder;
import org.pf4j.VersionManager;

/**
 * PF4J around exactly one plugin. A manager of its own for each keeps plugins from sharing anything, a start that hangs from
 * being in anybody's way, and lets two versions of one plugin stand side by side. For one thread at a time.
 */
final class PluginBox extends AbstractPluginManager {

    /** @param folder where plugins lie; nothing is looked for there */
    PluginBox(Path folder, String apiVersion) {
        super(folder);
        setSystemVersion(apiVersion);
    }

    /** What its manifest says, before anything is loaded. */
    PluginDescriptor descriptorOf(Path path) {
        return getPluginDescriptorFinder().find(path);
    }

    /** PF4J stumbles over a jar that has none at all. */
    static boolean lacksManifest(Path path) {
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (var jar = new JarFile(path.toFile())) {
            return jar.getManifest() == null;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    protected PluginLoader createPluginLoader() {
        return new PluginLoader() {
            @Override
            public boolean isApplicable(Path path) {
                return true;
            }

            @Override
            public ClassLoader loadPlugin(Path path, PluginDescriptor descriptor) {
                return classLoader(path, descriptor);
            }
        };
    }

    private ClassLoader classLoader(Path path, PluginDescriptor descriptor) {
        var loader = new ApiFirstClassLoader(this, descriptor, PluginBox.class.getClassLoader());
        if (Files.isRegularFile(path)) {
            loader.addFile(path.toFile());
            return loader;
        }
        Path classes = path.resolve("classes");
        loader.addFile((Files.isDirectory(classes) ? classes : path).toFile());
        for (Path jar : libraries(path.resolve("lib"))) {
            loader.addFile(jar.toFile());
        }
        return loader;
    }

    private static List<Path> libraries(Path lib) {
        if (!Files.isDirectory(lib)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(lib)) {
            return files.filter(PluginStage::isJar).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    protected PluginDescriptorFinder createPluginDescriptorFinder() {
        var properties = new PropertiesPluginDescriptorFinder();
        var manifest = new ManifestPluginDescriptorFinder();
        return new PluginDescriptorFinder() {
            @Override
            public boolean isApplicable(Path path) {
                return true;
            }

            @Override
            public PluginDescriptor find(Path path) {
                return Files.isRegularFile(path.resolve("plugin.properties"))
                        ? properties.find(path)
                        : manifest.find(path);
            }
        };
    }

    @Override
    protected PluginRepository createPluginRepository() {
        return new PluginRepository() {
            @Override
            public List<Path> getPluginPaths() {
                return List.of();
            }

            @Override
            public boolean deletePluginPath(Path path) {
                return false;
            }
        };
    }

    /** PF4J's own would look for lists of plugins beside the files. */
    @Override
    protected PluginStatusProvider createPluginStatusProvider() {
        return new PluginStatusProvider() {
            @Override
            public boolean isPluginDisabled(String pluginId) {
                return false;
            }

            @Override
            public void disablePlugin(String pluginId) {}

            @Override
            public void enablePlugin(String pluginId) {}
        };
    }

    @Override
    protected PluginFactory createPluginFactory() {
        return new DefaultPluginFactory();
    }

    @Override
    protected ExtensionFactory createExtensionFactory() {
        return new DefaultExtensionFactory();
    }

    @Override
    protected ExtensionFinder createExtensionFinder() {
        return new DefaultExtensionFinder(this);
    }

    @Override
    protected VersionManager createVersionManager() {
        return new DefaultVersionManager();
    }
}
