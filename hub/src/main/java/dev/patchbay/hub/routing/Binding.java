package dev.patchbay.hub.routing;

import dev.patchbay.api.Peer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One rule: messages that match are answered by this agent.
 *
 * @param index place in the list, from 0
 * @param place where it was written, for people: {@code hub.yaml:14}
 * @param dmScope how far direct sessions of this rule reach; null means what the configuration says for all
 */
public record Binding(
        int index,
        String place,
        String agentId,
        Match match,
        @Nullable DmScope dmScope) {
    public Binding {
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(agentId, "agentId");
        Objects.requireNonNull(match, "match");
    }

    /** The rule as a plain tree, as it stands on the wire and as {@link BindingTable#parse} reads it. */
    public Map<String, Object> tree() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("channel", match.channel());
        putIfSet(fields, "account", match.account());
        Peer peer = match.peer();
        putIfSet(
                fields, "peer", peer == null ? null : Map.of("kind", peer.kind().word(), "id", peer.id()));
        putIfSet(fields, "guild", match.guild());
        putIfSet(fields, "team", match.team());
        putIfSet(fields, "roles", match.roles().isEmpty() ? null : List.copyOf(match.roles()));
        var tree = new LinkedHashMap<String, Object>();
        tree.put("agent", agentId);
        tree.put("match", fields);
        putIfSet(tree, "session", dmScope == null ? null : Map.of("dm_scope", dmScope.word()));
        return tree;
    }

    private static void putIfSet(Map<String, Object> tree, String key, @Nullable Object value) {
        if (value != null) {
            tree.put(key, value);
        }
    }
}
