package dev.patchbay.hub.plugin;

import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.hub.config.PluginSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pf4j.DefaultVersionManager;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginRuntimeException;
import org.pf4j.PluginState;
import org.pf4j.PluginWrapper;

/**
 * One plugin in its box. {@link #load} runs no code of the plugin, {@link #start} and {@link #stop} do: they belong on a thread that
 * can be given up.
 */
final class LoadedPlugin {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern TYPE = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
    private static final String INDEX = "META-INF/extensions.idx";
    private static final int SCHEMA_MAX_CHARS = 256 * 1024;

    private final PluginBox box;
    private final PluginWrapper plugin;
    private final PluginStage.Staged copy;

    /** What a plugin brings. */
    record Offer(List<GuardedChannelPlugin> channels, List<GuardedAgentPlugin> agents) {}

    private LoadedPlugin(PluginBox box, PluginWrapper plugin, PluginStage.Staged copy) {
        this.box = box;
        this.plugin = plugin;
        this.copy = copy;
    }

    /**
     * Reads the manifest and makes the class loader.
     *
     * @param copy of a jar, or of a zip with plugin.properties or a manifest, classes and lib
     */
    static LoadedPlugin load(PluginStage.Staged copy, String apiVersion) throws PluginRefusal {
        Path staged = copy.path();
        if (PluginBox.lacksManifest(staged)) {
            throw new PluginRefusal(
                    "it has no META-INF/MANIFEST.MF: pack it with one that says Plugin-Id, Plugin-Version and"
                            + " Plugin-Requires");
        }
        var box = new PluginBox(Objects.requireNonNull(staged.getParent()), apiVersion);
        try {
            check(box.descriptorOf(staged), apiVersion);
            String id = box.loadPlugin(staged);
            return new LoadedPlugin(box, box.getPlugin(id), copy);
        } catch (PluginRuntimeException refused) {
            throw new PluginRefusal("it cannot be loaded: " + PluginFault.describe(refused));
        }
    }

    String id() {
        return plugin.getPluginId();
    }

    String version() {
        return plugin.getDescriptor().getVersion();
    }

    boolean isNewerThan(LoadedPlugin other) {
        return new DefaultVersionManager().compareVersions(version(), other.version()) > 0;
    }

    boolean hasContentOf(LoadedPlugin other) {
        return copy.fingerprint().equals(other.copy.fingerprint());
    }

    PluginStage.Staged copy() {
        return copy;
    }

    PluginOrigin origin() {
        return new PluginOrigin(id(), plugin.getPluginClassLoader());
    }

    /** Starts it and asks its extensions who they are. */
    Offer start() throws Exception {
        ClassLoader loader = plugin.getPluginClassLoader();
        if (((ApiFirstClassLoader) loader).findResource(INDEX) == null) {
            throw new PluginRefusal(
                    "it has no " + INDEX + ": mark its classes with @Extension and let PF4J's annotation"
                            + " processor run (javac needs -proc:full since JDK 23)");
        }
        if (plugin.getPlugin() == null) {
            throw new PluginRefusal("its Plugin-Class " + plugin.getDescriptor().getPluginClass()
                    + " cannot be made: it must be public, extend org.pf4j.Plugin and have a public constructor");
        }
        if (box.startPlugin(id()) != PluginState.STARTED) {
            Throwable why = plugin.getFailedException();
            throw why instanceof Exception exception
                    ? exception
                    : new IllegalStateException("start() did not succeed", why);
        }
        Offer offer = offer(loader);
        // Beside the start, which it would make longer.
        Thread.ofVirtual().name("plugin-" + id() + "-classes").start(((ApiFirstClassLoader) loader)::loadOwn);
        return offer;
    }

    /** Stops it and closes its class loader. */
    void stop() {
        if (box.getPlugin(id()) != null) {
            box.stopPlugin(id());
            box.unloadPlugin(id());
        }
    }

    private Offer offer(ClassLoader loader) throws Exception {
        Set<String> names = box.getExtensionClassNames(id());
        var channels = new ArrayList<GuardedChannelPlugin>();
        var agents = new ArrayList<GuardedAgentPlugin>();
        for (String name : names) {
            Class<?> extension = loader.loadClass(name);
            if (ChannelPlugin.class.isAssignableFrom(extension)) {
                channels.add(channel(maker(extension.asSubclass(ChannelPlugin.class))));
            } else if (AgentPlugin.class.isAssignableFrom(extension)) {
                agents.add(agent(maker(extension.asSubclass(AgentPlugin.class))));
            }
        }
        if (channels.isEmpty() && agents.isEmpty()) {
            throw new PluginRefusal("none of its @Extension classes implements " + ChannelPlugin.class.getName()
                    + " or " + AgentPlugin.class.getName() + (names.isEmpty() ? "" : ": " + String.join(", ", names)));
        }
        if (channels.stream().map(GuardedChannelPlugin::type).distinct().count() < channels.size()
                || agents.stream().map(GuardedAgentPlugin::type).distinct().count() < agents.size()) {
            throw new PluginRefusal("two of its @Extension classes have the same type");
        }
        return new Offer(List.copyOf(channels), List.copyOf(agents));
    }

    private GuardedChannelPlugin channel(Callable<ChannelPlugin> made) throws Exception {
        ChannelPlugin first = made.call();
        Optional<String> path = first.httpPath();
        if (path.isPresent() && !TYPE.matcher(path.get()).matches()) {
            throw new PluginRefusal("its httpPath must be a-z, 0-9 and -, at most 32");
        }
        return new GuardedChannelPlugin(
                origin(),
                made,
                type(first.type()),
                schema(first.accountSchema(), "accountSchema"),
                schema(first.channelSchema(), "channelSchema"),
                path,
                first.meetsStrangers());
    }

    private GuardedAgentPlugin agent(Callable<AgentPlugin> made) throws Exception {
        AgentPlugin first = made.call();
        return new GuardedAgentPlugin(
                origin(), made, type(first.type()), schema(first.settingsSchema(), "settingsSchema"));
    }

    private static String type(@Nullable String type) throws PluginRefusal {
        if (type == null || !TYPE.matcher(type).matches()) {
            throw new PluginRefusal("a type must be a-z, 0-9 and -, at most 32, no - in front");
        }
        return type;
    }

    private static String schema(@Nullable String schema, String what) throws PluginRefusal {
        if (schema == null || schema.isBlank() || schema.length() > SCHEMA_MAX_CHARS) {
            throw new PluginRefusal("its " + what + " must be a JSON Schema of at most 256 KB");
        }
        try {
            PluginSchema.of(schema);
        } catch (IllegalArgumentException wrong) {
            throw new PluginRefusal("its " + what + ": " + wrong.getMessage());
        }
        return schema;
    }

    private static <T> Callable<T> maker(Class<? extends T> extension) throws PluginRefusal {
        try {
            return extension.getConstructor()::newInstance;
        } catch (NoSuchMethodException missing) {
            throw new PluginRefusal(extension.getName() + " has no public constructor without arguments");
        }
    }

    private static void check(PluginDescriptor descriptor, String apiVersion) throws PluginRefusal {
        String id = descriptor.getPluginId();
        if (id == null || id.isBlank()) {
            throw new PluginRefusal("its manifest has no Plugin-Id: add Plugin-Id, Plugin-Version and Plugin-Requires");
        }
        if (!ID.matcher(id).matches()) {
            throw new PluginRefusal("its Plugin-Id must be letters, digits, dot, - and _, at most 64");
        }
        if (!descriptor.getDependencies().isEmpty()) {
            throw new PluginRefusal(
                    "it depends on other plugins, which see nothing of each other: put what it needs into lib/");
        }
        var versions = new DefaultVersionManager();
        try {
            versions.compareVersions(descriptor.getVersion(), apiVersion);
        } catch (RuntimeException wrong) {
            throw new PluginRefusal(
                    "its Plugin-Version \"" + descriptor.getVersion() + "\" is no version: write for instance 1.0.0");
        }
        String requires = descriptor.getRequires();
        boolean fits;
        try {
            fits = versions.checkVersionConstraint(apiVersion, requires);
        } catch (RuntimeException wrong) {
            throw new PluginRefusal(
                    "its Plugin-Requires \"" + requires + "\" is no condition: write for instance >=" + apiVersion);
        }
        if (!fits) {
            throw new PluginRefusal("it needs plugin API " + requires + ", this hub has " + apiVersion
                    + ": take a newer hub, or an older version of the plugin");
        }
    }
}
