package dev.patchbay.hub.access;

import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one account's settings say about who may talk to it. Whatever cannot be read lets nobody in.
 *
 * @param allowFrom ids of people who are always let in; {@link #EVERYBODY} means all
 * @param allow ids of groups, channels and guilds; {@link #EVERYBODY} means all
 * @param requireMention whether only what is addressed to the bot counts in groups
 */
public record AccessRules(
        String channel,
        String accountId,
        DmPolicy dmPolicy,
        Set<String> allowFrom,
        GroupPolicy groupPolicy,
        Set<String> allow,
        boolean requireMention) {

    /** In a list of ids: whoever it is. */
    public static final String EVERYBODY = "*";

    /** The keys that these rules are read from, as a JSON Schema of an account's settings. */
    public static final String SCHEMA = """
        {
          "properties": {
            "dm-policy": {
              "type": "string", "enum": ["pairing", "allowlist", "open", "disabled"], "default": "pairing",
              "description": "write pairing, allowlist, open or disabled"
            },
            "allow-from": {
              "type": "array", "items": { "type": "string" }, "description": "list ids: [\\"42\\", \\"43\\"]"
            },
            "groups": {
              "type": "object",
              "description": "write for instance { policy: allowlist, allow: [\\"-100123\\"] }",
              "properties": {
                "policy": {
                  "type": "string", "enum": ["open", "allowlist", "disabled"], "default": "open",
                  "description": "write open, allowlist or disabled"
                },
                "allow": {
                  "type": "array", "items": { "type": "string" }, "description": "list ids: [\\"-100123\\"]"
                },
                "require-mention": { "type": "boolean", "default": true, "description": "write true or false" }
              }
            }
          }
        }
        """;

    /** Who is answered in direct chats. */
    public enum DmPolicy {
        /** Everybody. */
        OPEN,
        /** Those listed. */
        ALLOWLIST,
        /** Those listed, and those whom an operator let in by their code. */
        PAIRING,
        /** Nobody who is not listed, and nobody is told why. */
        DISABLED
    }

    /** In which groups there are answers. */
    public enum GroupPolicy {
        OPEN,
        ALLOWLIST,
        DISABLED
    }

    /** What becomes of a message. */
    enum Verdict {
        ADMITTED,
        /** Admitted if the peer was let in, else asked to pair. */
        PAIRED_ONLY,
        TURNED_AWAY
    }

    public AccessRules {
        allowFrom = Set.copyOf(allowFrom);
        allow = Set.copyOf(allow);
    }

    /** Reads an account's settings, which may be unchecked. */
    public static AccessRules of(String channel, String accountId, Settings account) {
        Settings groups = account.section("groups");
        return new AccessRules(
                channel,
                accountId,
                word(DmPolicy.values(), account.text("dm-policy", "pairing"), DmPolicy.DISABLED),
                ids(account, "allow-from"),
                word(GroupPolicy.values(), groups.text("policy", "open"), GroupPolicy.DISABLED),
                ids(groups, "allow"),
                !groups.text("require-mention", "true").equals("false"));
    }

    /** Keys without the effect that they seem to have. */
    public List<SettingProblem> futile() {
        var futile = new ArrayList<SettingProblem>();
        if (dmPolicy == DmPolicy.ALLOWLIST && allowFrom.isEmpty()) {
            futile.add(new SettingProblem(
                    "dm-policy", "lets nobody in without allow-from", "list ids in allow-from, or take pairing"));
        }
        if (groupPolicy == GroupPolicy.ALLOWLIST && allow.isEmpty()) {
            futile.add(new SettingProblem(
                    "groups.policy", "answers in no group without allow", "list ids in groups.allow, or take open"));
        }
        if (groupPolicy != GroupPolicy.ALLOWLIST && !allow.isEmpty()) {
            futile.add(new SettingProblem(
                    "groups.allow",
                    "has no effect with policy " + groupPolicy.name().toLowerCase(Locale.ROOT),
                    "write policy: allowlist, or remove it"));
        }
        return List.copyOf(futile);
    }

    Verdict verdict(InboundMessage message) {
        if (message.peer().kind() != Peer.Kind.DIRECT) {
            return inGroup(message) ? Verdict.ADMITTED : Verdict.TURNED_AWAY;
        }
        if (dmPolicy == DmPolicy.OPEN || names(allowFrom, message.peer().id())) {
            return Verdict.ADMITTED;
        }
        return dmPolicy == DmPolicy.PAIRING ? Verdict.PAIRED_ONLY : Verdict.TURNED_AWAY;
    }

    private boolean inGroup(InboundMessage message) {
        if (requireMention && !message.addressed()) {
            return false;
        }
        Peer parent = message.parentPeer();
        return switch (groupPolicy) {
            case OPEN -> true;
            case DISABLED -> false;
            case ALLOWLIST ->
                names(allow, message.peer().id())
                        || names(allow, parent == null ? null : parent.id())
                        || names(allow, message.guild());
        };
    }

    private static boolean names(Set<String> ids, @Nullable String id) {
        return ids.contains(EVERYBODY) || (id != null && ids.contains(id));
    }

    /** A list; or, as the environment and the command line have it, one text with commas. */
    private static Set<String> ids(Settings settings, String key) {
        return settings
                .text(key)
                .map(text -> Arrays.asList(text.split(",", -1)))
                .orElseGet(() -> settings.texts(key))
                .stream()
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .collect(Collectors.toSet());
    }

    private static <E extends Enum<E>> E word(E[] all, String word, E otherwise) {
        return Arrays.stream(all)
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(word.strip()))
                .findFirst()
                .orElse(otherwise);
    }
}
