package dev.patchbay.hub.plugin;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.pf4j.PluginClassLoader;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a plugin can see: the API, PF4J and the logging facade from the hub, even if it carries copies of its own; its own classes;
 * the JDK. Nothing else of the hub, neither its classes nor its libraries.
 */
final class ApiFirstClassLoader extends PluginClassLoader {
    private static final Logger log = LoggerFactory.getLogger(ApiFirstClassLoader.class);
    private static final String CLASS = ".class";

    private static final List<String> FROM_THE_HUB =
            List.of("dev.patchbay.api.", "org.pf4j.", "org.slf4j.", "org.jspecify.");

    private final ClassLoader hub;

    ApiFirstClassLoader(PluginManager manager, PluginDescriptor descriptor, ClassLoader hub) {
        super(manager, descriptor, ClassLoader.getPlatformClassLoader());
        this.hub = hub;
    }

    @Override
    public Class<?> loadClass(String name) throws ClassNotFoundException {
        if (FROM_THE_HUB.stream().anyMatch(name::startsWith)) {
            try {
                return hub.loadClass(name);
            } catch (ClassNotFoundException notThere) {
                // Bridges between logging libraries share the facade's package: a plugin may bring those.
                if (name.startsWith("dev.patchbay.api.")) {
                    throw notThere;
                }
            }
        }
        return super.loadClass(name);
    }

    /**
     * Loads what the plugin itself consists of. A class that cannot be read when it is first needed, because no file handle is free for
     * instance, is missing for ever: the virtual machine does not look twice. Jars stay open; single files do not.
     */
    void loadOwn() {
        // Opens every jar that is not open yet.
        findResource("META-INF/none");
        for (URL each : getURLs()) {
            if (each.getProtocol().equals("file") && each.getPath().endsWith("/")) {
                loadFolder(Path.of(URI.create(each.toString())));
            }
        }
    }

    private void loadFolder(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.map(file -> folder.relativize(file).toString())
                    .filter(name -> name.endsWith(CLASS) && !name.endsWith("-info" + CLASS))
                    .map(name ->
                            name.substring(0, name.length() - CLASS.length()).replace(File.separatorChar, '.'))
                    .forEach(this::loadQuietly);
        } catch (IOException | UncheckedIOException gone) {
            log.debug("The classes in {} cannot be listed", folder, gone);
        }
    }

    private void loadQuietly(String name) {
        try {
            loadClass(name);
        } catch (ClassNotFoundException | LinkageError optional) {
            log.debug("Class {} cannot be loaded, and may not be needed", name, optional);
        }
    }
}
