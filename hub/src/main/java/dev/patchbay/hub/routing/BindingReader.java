package dev.patchbay.hub.routing;

import dev.patchbay.api.Peer;
import dev.patchbay.hub.config.Nearest;
import dev.patchbay.hub.tenant.Tenants;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one binding and tells everything that is wrong with it, not only the first thing. For one thread, used once. */
final class BindingReader {
    private static final int ID_LENGTH_MAX = 512;
    private static final int ROLES_MAX = 1_000;
    private static final Pattern CHANNEL = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

    private final int index;
    private final String place;
    private final Set<String> agents;
    private final Tenants tenants;
    private final List<BindingProblem> problems;
    private boolean faulty;

    BindingReader(int index, String place, Set<String> agents, Tenants tenants, List<BindingProblem> problems) {
        this.tenants = tenants;
        this.index = index;
        this.place = place;
        this.agents = agents;
        this.problems = problems;
    }

    Optional<Binding> read(@Nullable Object tree) {
        Map<?, ?> binding = map("", tree, "write { agent: …, match: { channel: … } }");
        if (binding == null) {
            return Optional.empty();
        }
        onlyKnown("", binding, List.of("agent", "match", "session"));
        String agent = agent(binding);
        Match match = match(binding);
        DmScope scope = binding.containsKey("session") ? session(binding.get("session")) : null;
        if (agent != null && match != null) {
            sameTenant(agent, match);
        }
        return faulty || agent == null || match == null
                ? Optional.empty()
                : Optional.of(new Binding(index, place, agent, match, scope));
    }

    private @Nullable String agent(Map<?, ?> binding) {
        if (!binding.containsKey("agent")) {
            error("agent", "is missing", "name the agent that answers");
            return null;
        }
        String written = text("agent", binding.get("agent"));
        if (written == null) {
            return null;
        }
        String agent = Blanks.fold(written);
        if (!agents.contains(agent)) {
            error(
                    "agent",
                    "agent \"" + Shown.text(written) + "\" is unknown",
                    Nearest.cure(agent, new TreeSet<>(agents)));
            return null;
        }
        return agent;
    }

    private void sameTenant(String agent, Match match) {
        String account = match.account();
        if (account != null && !tenants.mayMeet(match.channel(), account, agent)) {
            error(
                    "agent",
                    "agent \"" + agent + "\" and account \"" + Shown.text(account) + "\" belong to different tenants",
                    "name an agent of the account's tenant");
        } else if (account == null) {
            List<String> strangers = tenants.strangers(match.channel(), agent);
            if (!strangers.isEmpty()) {
                error(
                        "match.account",
                        "is missing, and account \"" + strangers.getFirst() + "\" of the channel belongs to another"
                                + " tenant than agent \"" + agent + "\"",
                        "name the account, one rule for each");
            }
        }
    }

    private @Nullable Match match(Map<?, ?> binding) {
        Map<?, ?> fields = binding.containsKey("match")
                ? map("match", binding.get("match"), "write match: { channel: … }")
                : Map.of();
        if (fields == null) {
            return null;
        }
        onlyKnown("match.", fields, List.of("channel", "account", "peer", "guild", "team", "roles"));
        String channel = channel(fields);
        String account = id("match.account", fields, "account");
        Peer peer = fields.containsKey("peer") ? peer(fields.get("peer")) : null;
        String guild = id("match.guild", fields, "guild");
        String team = id("match.team", fields, "team");
        Set<String> roles = fields.containsKey("roles") ? roles(fields.get("roles")) : Set.of();
        return channel == null
                ? null
                : new Match(channel, account == null ? null : Blanks.fold(account), peer, guild, team, roles);
    }

    private @Nullable String channel(Map<?, ?> fields) {
        if (!fields.containsKey("channel")) {
            error("match.channel", "is missing", "every binding names a channel, for instance channel: telegram");
            return null;
        }
        String written = id("match.channel", fields, "channel");
        if (written == null) {
            return null;
        }
        String channel = Blanks.fold(written);
        if (!CHANNEL.matcher(channel).matches()) {
            error(
                    "match.channel",
                    "\"" + Shown.text(written) + "\" is no channel's name",
                    "write a-z, 0-9 and -, at most 32 characters, for instance telegram");
            return null;
        }
        return channel;
    }

    private @Nullable Peer peer(@Nullable Object tree) {
        Map<?, ?> fields = map("match.peer", tree, "write { kind: direct, id: \"42\" }");
        if (fields == null) {
            return null;
        }
        onlyKnown("match.peer.", fields, List.of("kind", "id"));
        String kind = required("match.peer.kind", fields, "kind", "write direct, group or channel");
        String id =
                required("match.peer.id", fields, "id", "write the platform's id, or \"*\" for everybody of that kind");
        if (kind == null || id == null) {
            return null;
        }
        try {
            return new Peer(Peer.Kind.of(kind), id);
        } catch (IllegalArgumentException e) {
            error(
                    "match.peer.kind",
                    "\"" + Shown.text(kind) + "\" is no kind of peer",
                    "write direct, group or channel");
            return null;
        }
    }

    private @Nullable String required(String key, Map<?, ?> fields, String name, String cure) {
        if (!fields.containsKey(name)) {
            error(key, "is missing", cure);
            return null;
        }
        return text(key, fields.get(name));
    }

    private Set<String> roles(@Nullable Object tree) {
        var roles = new LinkedHashSet<String>();
        if (!(tree instanceof List<?> list)) {
            error("match.roles", tree == null ? "has no value" : "is no list", "write [\"456\"], or leave it out");
        } else if (list.isEmpty()) {
            error("match.roles", "is empty", "name a role, or leave it out");
        } else if (list.size() > ROLES_MAX) {
            error("match.roles", "has " + list.size() + " entries", "name at most " + ROLES_MAX);
        } else {
            for (int i = 0; i < list.size(); i++) {
                String role = noStar("match.roles[" + i + "]", text("match.roles[" + i + "]", list.get(i)));
                if (role != null) {
                    roles.add(role);
                }
            }
        }
        return roles;
    }

    private @Nullable DmScope session(@Nullable Object tree) {
        Map<?, ?> fields = map("session", tree, "write { dm-scope: per-peer }");
        if (fields == null) {
            return null;
        }
        onlyKnown("session.", fields, List.of("dm-scope", "dm_scope"));
        String name = fields.containsKey("dm_scope") ? "dm_scope" : "dm-scope";
        String word = required("session.dm-scope", fields, name, "write one of " + String.join(", ", DmScope.words()));
        if (word == null) {
            return null;
        }
        try {
            return DmScope.of(word);
        } catch (IllegalArgumentException e) {
            error(
                    "session.dm-scope",
                    "dm-scope \"" + Shown.text(word) + "\" is unknown",
                    Nearest.cure(word, DmScope.words()));
            return null;
        }
    }

    private @Nullable String id(String key, Map<?, ?> fields, String name) {
        return fields.containsKey(name) ? noStar(key, text(key, fields.get(name))) : null;
    }

    private @Nullable String noStar(String key, @Nullable String id) {
        if (id != null && id.indexOf('*') >= 0) {
            error(
                    key,
                    "\"" + Shown.text(id) + "\": * stands for everybody in a peer id only",
                    "leave it out to match any");
            return null;
        }
        return id;
    }

    /** The value without the blanks around it. Numbers are read as written: ids often look like numbers in YAML. */
    private @Nullable String text(String key, @Nullable Object value) {
        String text =
                switch (value) {
                    case null -> null;
                    case String string -> Blanks.cut(string);
                    case Integer number -> number.toString();
                    case Long number -> number.toString();
                    case BigInteger number -> number.toString();
                    default -> {
                        error(key, "is no text", "write one value in quotes");
                        yield null;
                    }
                };
        if (value == null) {
            error(key, "has no value", "give it one, or leave it out");
        } else if (text != null && text.isEmpty()) {
            error(key, "is empty", "give it a value, or leave it out");
        } else if (text != null && text.length() > ID_LENGTH_MAX) {
            error(key, "has " + text.length() + " characters", "write at most " + ID_LENGTH_MAX);
        } else {
            return text;
        }
        return null;
    }

    private @Nullable Map<?, ?> map(String key, @Nullable Object tree, String cure) {
        if (tree instanceof Map<?, ?> map) {
            return map;
        }
        error(key, tree == null ? "has no value" : "is no group of keys", cure);
        return null;
    }

    private void onlyKnown(String prefix, Map<?, ?> fields, List<String> known) {
        for (Object name : new ArrayList<>(fields.keySet())) {
            String key = String.valueOf(name);
            if (!known.contains(key)) {
                String shown = Shown.text(key);
                error(prefix + shown, "\"" + shown + "\" is unknown", Nearest.cure(key, new TreeSet<>(known)));
            }
        }
    }

    private void error(String key, String message, String cure) {
        faulty = true;
        String full = "bindings[" + index + "]" + (key.isEmpty() ? "" : "." + key);
        problems.add(new BindingProblem(index, place, full, message, cure, BindingProblem.Severity.ERROR));
    }
}
