package dev.patchbay.hub.routing;

import dev.patchbay.api.Peer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A small world: every message in it, and rules at random. Each id has one value more than the rules use. */
final class Messages {
    private static final List<String> AGENTS = List.of("main", "support");
    private static final List<Peer.Kind> KINDS = List.of(Peer.Kind.values());

    private Messages() {}

    /** Every message of one channel without a parent. */
    static List<RouteQuery> all() {
        var messages = new ArrayList<RouteQuery>();
        for (Peer.Kind kind : Peer.Kind.values()) {
            for (String peer : List.of("1", "2", "3")) {
                for (String account : List.of("default", "b", "c")) {
                    for (String guild : List.of("", "g", "h", "i")) {
                        for (String team : List.of("", "t", "u")) {
                            for (List<String> roles : List.of(
                                    List.<String>of(), List.of("r"), List.of("s"), List.of("q"), List.of("q", "s"))) {
                                messages.add(new RouteQuery(
                                        "x", account, new Peer(kind, peer), null, guild, team, roles, null));
                            }
                        }
                    }
                }
            }
        }
        return messages;
    }

    static List<Map<String, Object>> rules(Random random, int count) {
        var rules = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < count; i++) {
            var match = new HashMap<String, Object>(Map.of("channel", "x"));
            maybe(random, match, "account", "default", "b");
            maybe(random, match, "guild", "g", "h");
            maybe(random, match, "team", "t");
            maybe(random, match, "roles", List.of("r"), List.of("s"), List.of("s", "r"));
            maybe(
                    random,
                    match,
                    "peer",
                    peer("direct", "1"),
                    peer("group", "1"),
                    peer("channel", "1"),
                    peer("group", "*"),
                    peer("direct", "*"),
                    peer("channel", "2"));
            rules.add(Map.of("agent", AGENTS.get(random.nextInt(2)), "match", match));
        }
        return rules;
    }

    static @Nullable Peer parent(Random random) {
        return random.nextBoolean()
                ? null
                : new Peer(KINDS.get(random.nextInt(3)), Integer.toString(1 + random.nextInt(3)));
    }

    private static Map<String, String> peer(String kind, String id) {
        return Map.of("kind", kind, "id", id);
    }

    private static void maybe(Random random, Map<String, Object> match, String key, Object... values) {
        if (random.nextInt(3) == 0) {
            match.put(key, values[random.nextInt(values.length)]);
        }
    }
}
