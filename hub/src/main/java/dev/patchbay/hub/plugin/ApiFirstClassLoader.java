package dev.patchbay.hub.plugin;

import java.util.List;
import org.pf4j.PluginClassLoader;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginManager;

/**
 * What a plugin can see: the API, PF4J and the logging facade from the hub, even if it carries copies of its own; its own classes;
 * the JDK. Nothing else of the hub, neither its classes nor its libraries.
 */
final class ApiFirstClassLoader extends PluginClassLoader {
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
}
