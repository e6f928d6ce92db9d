package dev.patchbay.hub.routing;

import dev.patchbay.api.Peer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads session keys as claw0, its relatives and OpenClaw write them, for imports only. They escape nothing, so a colon may be
 * part of an id; where that leaves a choice, the comments say which.
 */
public final class ForeignSessionKeys {
    private static final Set<String> SHARED = Set.of("main", "default", "global");
    private static final Set<String> KINDS = Set.of("direct", "dm", "group", "channel");
    /** What may follow {@code direct:} as a channel's name; anything else there belongs to the peer's id. */
    private static final Set<String> CHANNELS = Set.of(
            "cli",
            "discord",
            "feishu",
            "googlechat",
            "imessage",
            "irc",
            "line",
            "matrix",
            "mattermost",
            "msteams",
            "signal",
            "slack",
            "telegram",
            "webchat",
            "webhook",
            "whatsapp",
            "zalo");

    private ForeignSessionKeys() {}

    /**
     * The session key that continues this conversation here.
     *
     * @param defaultAgent speaks in conversations whose key names no agent
     * @throws IllegalArgumentException if it is no key of any known form
     */
    public static SessionKey read(String text, String defaultAgent) {
        String cut = Blanks.cut(text);
        if (cut.length() > SessionKey.LENGTH_MAX) {
            throw unknown(cut);
        }
        if (SHARED.contains(cut)) {
            return SessionKey.main(defaultAgent);
        }
        List<String> parts = Arrays.asList(cut.split(":", -1));
        if (parts.size() == 2 && parts.getFirst().equals("cron")) {
            return SessionKey.schedule(defaultAgent, parts.get(1));
        }
        if (parts.size() == 2 && parts.getFirst().equals("hook")) {
            return person(defaultAgent, "webhook", parts.get(1), null);
        }
        if (parts.size() < 3
                || !parts.getFirst().equals("agent")
                || parts.stream().anyMatch(Blanks::isBlank)) {
            throw unknown(cut);
        }
        return ofAgent(AgentIds.check(parts.get(1).toLowerCase(Locale.ROOT)), parts.subList(2, parts.size()), cut);
    }

    private static SessionKey ofAgent(String agent, List<String> parts, String text) {
        int size = parts.size();
        String before = size > 2 ? parts.get(size - 2) : "";
        // Telegram's topics are threads. "direct:thread:7" is a peer with a colon: somebody must be left to have the
        // thread.
        boolean threaded = (before.equals("thread") || before.equals("topic"))
                && (size > 3 || parts.getFirst().equals("main"));
        String thread = threaded ? parts.get(size - 1) : null;
        List<String> rest = threaded ? parts.subList(0, size - 2) : parts;
        if (rest.size() == 1) {
            return shared(agent, rest.getFirst(), thread, text);
        }
        String first = rest.getFirst();
        if (first.equals("cron") || first.equals("schedule")) {
            return SessionKey.schedule(agent, joined(rest, 1));
        }
        if (first.equals("task")) {
            return SessionKey.task(agent, joined(rest, 1));
        }
        if (first.equals("direct") || first.equals("dm")) {
            return rest.size() > 2 && CHANNELS.contains(rest.get(1))
                    ? person(agent, rest.get(1), joined(rest, 2), thread)
                    : SessionKey.direct(agent, DmScope.PER_PEER, "", null, joined(rest, 1), thread);
        }
        if (rest.size() > 2 && KINDS.contains(rest.get(1))) {
            Peer peer = new Peer(Peer.Kind.of(rest.get(1)), joined(rest, 2));
            return SessionKey.of(agent, DmScope.PER_CHANNEL_PEER, first, null, peer, thread);
        }
        if (rest.size() > 3 && KINDS.contains(rest.get(2))) {
            Peer peer = new Peer(Peer.Kind.of(rest.get(2)), joined(rest, 3));
            return SessionKey.of(agent, DmScope.PER_ACCOUNT_CHANNEL_PEER, first, rest.get(1), peer, thread);
        }
        return person(agent, first, joined(rest, 1), thread);
    }

    private static SessionKey shared(String agent, String name, @Nullable String thread, String text) {
        if (name.equals("heartbeat")) {
            return SessionKey.heartbeat(agent);
        }
        if (!SHARED.contains(name)) {
            throw unknown(text);
        }
        // Scope main makes a key from the agent and the thread alone.
        return SessionKey.direct(agent, DmScope.MAIN, "", null, "", thread);
    }

    private static SessionKey person(String agent, String channel, String peer, @Nullable String thread) {
        return SessionKey.direct(agent, DmScope.PER_CHANNEL_PEER, channel, null, peer, thread);
    }

    private static String joined(List<String> parts, int from) {
        return String.join(":", parts.subList(from, parts.size()));
    }

    private static IllegalArgumentException unknown(String text) {
        return new IllegalArgumentException("\"" + Shown.text(text) + "\" is no session key of a known form");
    }
}
