package dev.patchbay.hub.config;

import dev.patchbay.hub.config.Key.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every key the hub knows, with its default and its range: the one place for both. docs/configuration.md is compared with it. */
final class Keys {
    /** Below this, keys belong to a plugin or to another part of the hub. */
    static final String OPEN = "**";

    private static final Map<String, Key> BY_PATH = table();
    private static final Map<String, Set<String>> CHILDREN = children(BY_PATH.keySet());

    private Keys() {}

    static List<Key> all() {
        return List.copyOf(BY_PATH.values());
    }

    static Key of(String path) {
        Key key = BY_PATH.get(path);
        if (key == null) {
            throw new IllegalArgumentException("no such key in the table: " + path);
        }
        return key;
    }

    /** Fixed names directly below a path, in the table's order. */
    static Set<String> names(String path) {
        return CHILDREN.getOrDefault(path, Set.of());
    }

    /** The path of a name below a path; {@link #OPEN} if only a plugin knows, empty if nobody does. */
    static String below(String path, String name) {
        if (path.equals(OPEN)) {
            return OPEN;
        }
        String prefix = path.isEmpty() ? "" : path + ".";
        if (names(path).contains(name)) {
            return prefix + name;
        }
        if (BY_PATH.containsKey(prefix + "*") || CHILDREN.containsKey(prefix + "*")) {
            return prefix + "*";
        }
        return isOpen(path) ? OPEN : "";
    }

    /** The path of a key as people write it. */
    static String pathOf(String key) {
        String path = "";
        for (String name : key.split("\\.", -1)) {
            path = below(path, name);
        }
        return path;
    }

    /** What to do about a name that {@link #below} does not know. */
    static String cure(String path, String name) {
        Optional<String> elsewhere = BY_PATH.keySet().stream()
                .filter(each -> each.endsWith("." + name) && each.indexOf('*') < 0)
                .findFirst();
        Optional<String> nearest = Nearest.to(name, names(path));
        return nearest.isEmpty() && elsewhere.isPresent()
                ? "the key is " + elsewhere.get()
                : Nearest.cure(name, names(path));
    }

    static boolean isOpen(String path) {
        return path.equals(OPEN) || BY_PATH.containsKey(path + "." + OPEN);
    }

    /** What a path takes; a path that only stands above others takes a section. */
    static Kind kind(String path) {
        Key key = BY_PATH.get(path);
        return key == null ? Kind.SECTION : key.kind();
    }

    private static Map<String, Key> table() {
        var keys = new ArrayList<Key>();
        hubAndServer(keys);
        agents(keys);
        keys.add(new Key("commands", Kind.FLAG, "true", ""));
        keys.add(new Key("bindings", Kind.SECTIONS, "", ""));
        keys.add(new Key("bindings.*.**", Kind.SECTION, "", ""));
        keys.add(new Key(
                "sessions.dm-scope",
                Kind.CHOICE,
                "per-channel-peer",
                "main | per-peer | per-channel-peer | per-account-channel-peer"));
        keys.add(new Key("sessions.lane-limit", Kind.NUMBER, "1000", "1 to 1000000"));
        keys.add(new Key("sessions.identity-links.*", Kind.LIST, "", ""));
        keys.add(new Key("inbound.debounce", Kind.DURATION, "0ms", "0ms to 1m"));
        keys.add(new Key("channels.*.enabled", Kind.FLAG, "true", ""));
        keys.add(new Key("channels.*.inbound.debounce", Kind.DURATION, "", "0ms to 1m"));
        keys.add(new Key("channels.*.accounts.*.**", Kind.SECTION, "", ""));
        delivery(keys, "channels.*.delivery", false);
        keys.add(new Key("channels.*.**", Kind.SECTION, "", ""));
        delivery(keys, "delivery", true);
        keys.add(new Key("tasks.retry", Kind.LIST, "[1m, 5m, 15m]", "1ms to 7d"));
        keys.add(new Key("tasks.max-running", Kind.NUMBER, "20", "1 to 100000"));
        keys.add(new Key("tasks.queue-limit", Kind.NUMBER, "1000", "1 to 1000000"));
        keys.add(new Key("tasks.ttl", Kind.DURATION, "7d", "1s to 365d"));
        keys.add(new Key("tasks.keep.days", Kind.NUMBER, "30", "0 to 36500"));
        keys.add(new Key("tasks.keep.count", Kind.NUMBER, "1000", "0 to 1000000"));
        keys.add(new Key("tasks.keep.size", Kind.SIZE, "100MB", "0B to 100GB"));
        var table = new LinkedHashMap<String, Key>();
        keys.forEach(key -> table.put(key.path(), key));
        return Collections.unmodifiableMap(table);
    }

    private static void hubAndServer(List<Key> keys) {
        keys.add(new Key("hub.name", Kind.TEXT, "home", ""));
        keys.add(new Key("hub.data-dir", Kind.PATH, "./data", ""));
        keys.add(new Key("hub.drain-timeout", Kind.DURATION, "30s", "0s to 10m"));
        keys.add(new Key("server.host", Kind.TEXT, "127.0.0.1", ""));
        keys.add(new Key("server.port", Kind.NUMBER, "8080", "0 to 65535"));
        keys.add(new Key("server.read-timeout", Kind.DURATION, "30s", "100ms to 10m"));
        keys.add(new Key("server.rate-limit", Kind.RATE, "off", "1 to 1000000"));
        keys.add(new Key("server.rate-limit-loopback", Kind.FLAG, "false", ""));
        keys.add(new Key("server.tokens", Kind.SECTIONS, "", ""));
        keys.add(new Key("server.tokens.*.name", Kind.TEXT, "", ""));
        keys.add(new Key("server.tokens.*.token", Kind.TEXT, "", ""));
        keys.add(new Key("server.tokens.*.scopes", Kind.LIST, "", "chat | read | operate | admin"));
        keys.add(new Key("server.tls.cert", Kind.PATH, "", ""));
        keys.add(new Key("server.tls.key", Kind.PATH, "", ""));
        keys.add(new Key("server.public-url", Kind.TEXT, "", ""));
        keys.add(new Key("store.url", Kind.TEXT, "", ""));
        keys.add(new Key("store.min-free", Kind.SIZE, "100MB", "0B to 100000GB"));
        keys.add(new Key("store.on-damage", Kind.CHOICE, "refuse", "refuse | restore"));
        keys.add(new Key("backups.enabled", Kind.FLAG, "true", ""));
        keys.add(new Key("backups.every", Kind.DURATION, "24h", "1s to 365d"));
        keys.add(new Key("backups.keep", Kind.NUMBER, "7", "1 to 10000"));
        keys.add(new Key("backups.dir", Kind.PATH, "", ""));
        keys.add(new Key("attachments.max-size", Kind.SIZE, "20MB", "1KB to 64MB"));
        keys.add(new Key("attachments.keep", Kind.DURATION, "30d", "1h to 3650d"));
        keys.add(new Key("attachments.max-total", Kind.SIZE, "10GB", "1MB to 100000GB"));
        keys.add(new Key("attachments.link-ttl", Kind.DURATION, "7d", "1m to 365d"));
        keys.add(new Key("attachments.allow-private", Kind.LIST, "", ""));
        keys.add(new Key("plugins.dir", Kind.PATH, "./plugins-installed", ""));
        keys.add(new Key("plugins.watch", Kind.FLAG, "true", ""));
        keys.add(new Key("plugins.start-timeout", Kind.DURATION, "30s", "100ms to 10m"));
    }

    private static void agents(List<Key> keys) {
        keys.add(new Key("agents.*.type", Kind.TEXT, "", ""));
        keys.add(new Key("agents.*.timeout", Kind.DURATION, "60s", "10ms to 1d"));
        keys.add(new Key("agents.*.max-concurrent", Kind.NUMBER, "1000", "1 to 100000"));
        keys.add(new Key("agents.*.fallback", Kind.TEXT, "", ""));
        keys.add(new Key("agents.*.on-failure", Kind.CHOICE, "silent", "silent | apologise"));
        keys.add(new Key(
                "agents.*.failure-text", Kind.TEXT, "Sorry, I could not answer that. Please try again later.", ""));
        keys.add(new Key("agents.*.busy", Kind.CHOICE, "queue", "queue | interrupt | collect"));
        keys.add(new Key("agents.*.breaker.failures", Kind.NUMBER, "5", "1 to 1000"));
        keys.add(new Key("agents.*.breaker.wait", Kind.DURATION, "60s", "10ms to 1d"));
        keys.add(new Key("agents.*.price.input", Kind.AMOUNT, "0", "0 to 1000000"));
        keys.add(new Key("agents.*.price.output", Kind.AMOUNT, "0", "0 to 1000000"));
        keys.add(new Key("agents.*.price.currency", Kind.TEXT, "USD", ""));
        keys.add(new Key("agents.*.budget.daily", Kind.AMOUNT, "", "0.000001 to 1000000000"));
        keys.add(new Key("agents.*.budget.monthly", Kind.AMOUNT, "", "0.000001 to 1000000000"));
        keys.add(new Key("agents.*.budget.warn", Kind.PERCENT, "80%", "1% to 100%"));
        keys.add(new Key("agents.*.budget.zone", Kind.TEXT, "UTC", ""));
        keys.add(new Key(
                "agents.*.budget-text",
                Kind.TEXT,
                "I have used up what I may spend for now. Please try again later.",
                ""));
        keys.add(new Key("agents.*.**", Kind.SECTION, "", ""));
        keys.add(new Key("default-agent", Kind.TEXT, "main", ""));
    }

    /** A channel's own section has the same keys; what it leaves out is taken from the general one. */
    private static void delivery(List<Key> keys, String path, boolean general) {
        keys.add(new Key(path + ".backoff", Kind.LIST, general ? "[5s, 25s, 2m, 10m]" : "", "1ms to 7d"));
        keys.add(new Key(path + ".attempts", Kind.NUMBER, general ? "5" : "", "1 to 1000"));
        keys.add(new Key(path + ".queue-limit", Kind.NUMBER, general ? "10000" : "", "1 to 10000000"));
        keys.add(new Key(path + ".when-full", Kind.CHOICE, general ? "refuse" : "", "refuse | drop-oldest"));
        keys.add(new Key(path + ".ttl", Kind.DURATION, general ? "7d" : "", "1s to 365d"));
        keys.add(new Key(path + ".attempt-timeout", Kind.DURATION, general ? "30s" : "", "100ms to 10m"));
        keys.add(new Key(path + ".jitter", Kind.PERCENT, general ? "10%" : "", "0% to 50%"));
    }

    private static Map<String, Set<String>> children(Set<String> paths) {
        var children = new LinkedHashMap<String, Set<String>>();
        for (String path : paths) {
            String above = "";
            for (String name : path.split("\\.", -1)) {
                Set<String> names = children.computeIfAbsent(above, each -> new LinkedHashSet<>());
                if (!name.startsWith("*")) {
                    names.add(name);
                }
                above = above.isEmpty() ? name : above + "." + name;
            }
        }
        return children;
    }
}
