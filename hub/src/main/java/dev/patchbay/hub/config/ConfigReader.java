package dev.patchbay.hub.config;

import dev.patchbay.hub.config.HubConfig.AgentConfig;
import dev.patchbay.hub.config.HubConfig.Backups;
import dev.patchbay.hub.config.HubConfig.BindingsConfig;
import dev.patchbay.hub.config.HubConfig.Delivery;
import dev.patchbay.hub.config.HubConfig.Files;
import dev.patchbay.hub.config.HubConfig.Hub;
import dev.patchbay.hub.config.HubConfig.Inbound;
import dev.patchbay.hub.config.HubConfig.OnDamage;
import dev.patchbay.hub.config.HubConfig.Plugins;
import dev.patchbay.hub.config.HubConfig.Sessions;
import dev.patchbay.hub.config.HubConfig.StoreSettings;
import dev.patchbay.hub.config.Values.Wrong;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the whole merged configuration, section by section. */
final class ConfigReader {
    private static final String H2_FILE = "jdbc:h2:file:";

    private final Path workingDirectory;

    ConfigReader(Path workingDirectory) {
        this.workingDirectory = workingDirectory;
    }

    /** Always a whole configuration: defaults stand where something is wrong. */
    HubConfig read(Section root, String source) {
        root.refuseUnknown();
        Hub hub = hub(root.section("hub"));
        var server = new ServerReader(this::path).read(root.section("server"));
        StoreSettings store = store(root.section("store"), hub);
        Backups backups = backups(root.section("backups"), hub);
        Files attachments = attachments(root.section("attachments"));
        Plugins plugins = plugins(root.section("plugins"));
        Map<String, AgentConfig> agents = AgentsReader.read(root.section("agents"));
        String defaultAgent = AgentsReader.defaultAgent(root, agents.keySet());
        boolean commands = root.value("commands", Values::flag);
        BindingsConfig bindings = bindings(root);
        Sessions sessions = sessions(root.section("sessions"));
        Section in = root.section("inbound");
        Section out = root.section("delivery");
        Inbound inbound = InboundReader.read(in);
        Delivery delivery = DeliveryReader.read(out);
        var channels = new ChannelsReader(in, out).read(root.section("channels"));
        return new HubConfig(
                hub,
                server,
                store,
                backups,
                attachments,
                plugins,
                agents,
                defaultAgent,
                commands,
                bindings,
                sessions,
                inbound,
                channels,
                delivery,
                TasksReader.read(root.section("tasks")),
                source);
    }

    private Hub hub(Section hub) {
        hub.refuseUnknown();
        return new Hub(
                hub.value("name", (text, key) -> text),
                hub.value("data-dir", this::path),
                hub.value("drain-timeout", Values::duration));
    }

    private StoreSettings store(Section store, Hub hub) {
        store.refuseUnknown();
        String url = store.optional("url", (text, key) -> storeUrl(text))
                .orElseGet(() -> H2_FILE + hub.dataDir().resolve("hub"));
        if (url.indexOf(';') >= 0) {
            store.wrong("url", "H2 takes ; for the end of the path", "choose a data-dir without ; in it");
        }
        return new StoreSettings(
                url, store.value("min-free", Values::size), store.value("on-damage", Values.constant(OnDamage.class)));
    }

    private Backups backups(Section backups, Hub hub) {
        backups.refuseUnknown();
        return new Backups(
                backups.value("enabled", Values::flag),
                backups.value("every", Values::duration),
                backups.value("keep", Values::number),
                backups.optional("dir", this::path)
                        .orElseGet(() -> hub.dataDir().resolve("backups")));
    }

    private String storeUrl(String url) throws Wrong {
        if (url.startsWith("jdbc:postgresql:")) {
            throw new Wrong("is not supported by this version", "write " + H2_FILE + "./data/hub");
        }
        if (!url.startsWith(H2_FILE) || url.length() == H2_FILE.length()) {
            throw new Wrong("is no address of a store", "write " + H2_FILE + "./data/hub");
        }
        String file = url.substring(H2_FILE.length());
        if (file.indexOf(';') >= 0) {
            throw new Wrong("has options after the path", "leave them out; the hub sets what it needs");
        }
        return H2_FILE + absolute(file);
    }

    private static Files attachments(Section attachments) {
        attachments.refuseUnknown();
        long maxSize = attachments.value("max-size", Values::size);
        long maxTotal = attachments.value("max-total", Values::size);
        if (maxTotal < maxSize) {
            attachments.wrong("max-total", "there is no room for even one file of max-size", "raise it");
        }
        return new Files(
                maxSize,
                attachments.value("keep", Values::duration),
                maxTotal,
                attachments.value("link-ttl", Values::duration),
                attachments.list("allow-private", Values::network));
    }

    private Plugins plugins(Section plugins) {
        plugins.refuseUnknown();
        return new Plugins(
                plugins.value("dir", this::path),
                plugins.value("watch", Values::flag),
                plugins.value("start-timeout", Values::duration));
    }

    private static BindingsConfig bindings(Section root) {
        List<Section> rules = root.items("bindings");
        return new BindingsConfig(
                rules.stream().map(rule -> rule.tree(Set.of())).toList(),
                rules.stream().map(Section::place).toList());
    }

    private static Sessions sessions(Section sessions) {
        sessions.refuseUnknown();
        Section links = sessions.section("identity-links");
        var identityLinks = new LinkedHashMap<String, List<String>>();
        var owners = new LinkedHashMap<String, String>();
        for (String person : links.names()) {
            List<String> ids = links.list(person, (id, key) -> identity(id));
            for (String id : ids) {
                String owner = owners.putIfAbsent(id, person);
                if (owner != null) {
                    links.wrong(
                            person,
                            links.quoted(person, id) + " is listed twice, first for " + owner,
                            "an id belongs to one person");
                }
            }
            identityLinks.put(person, ids);
        }
        return new Sessions(
                sessions.value("dm-scope", Values::word), sessions.value("lane-limit", Values::number), identityLinks);
    }

    private static String identity(String id) throws Wrong {
        if (!id.matches("[A-Za-z0-9][A-Za-z0-9-]{0,31}:\\S.{0,255}")) {
            throw new Wrong("names no channel and id", "write for instance telegram:42");
        }
        return id;
    }

    /** Relative paths are relative to the working directory. */
    private Path path(String text, Key key) throws Wrong {
        return absolute(text);
    }

    private Path absolute(String text) throws Wrong {
        try {
            return workingDirectory.resolve(text).toAbsolutePath().normalize();
        } catch (InvalidPathException wrong) {
            throw new Wrong("is no path", "write the path of a file or folder");
        }
    }
}
