package dev.patchbay.hub.routing;

import dev.patchbay.api.Peer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names one conversation, for instance {@code agent:main:telegram:direct:42}. Two different peers never share a key, and a
 * conversation has exactly one: {@link #parse} and {@link #toString} are inverse.
 *
 * <p>At most {@value #LENGTH_MAX} characters. Equal if the text is equal.
 */
public final class SessionKey {
    /** Longer keys are refused wherever they come from. */
    public static final int LENGTH_MAX = 1_024;

    /** Stands for an account that nobody named. */
    public static final String DEFAULT_ACCOUNT = "default";

    private final String text;
    private final String agentId;
    private final @Nullable String channel;
    private final @Nullable String accountId;
    private final @Nullable Peer peer;
    private final @Nullable String threadId;

    private SessionKey(
            String text,
            String agentId,
            @Nullable String channel,
            @Nullable String accountId,
            @Nullable Peer peer,
            @Nullable String threadId) {
        if (text.length() > LENGTH_MAX) {
            throw new NotRoutable("a session key is at most " + LENGTH_MAX + " characters long, \"" + Shown.text(text)
                    + "\" would have " + text.length());
        }
        this.text = text;
        this.agentId = agentId;
        this.channel = channel;
        this.accountId = accountId;
        this.peer = peer;
        this.threadId = threadId;
    }

    /** The session that needs no peer: {@code agent:<agent>:main}. */
    public static SessionKey main(String agentId) {
        return main(agentId, null);
    }

    private static SessionKey main(String agentId, @Nullable String threadId) {
        String thread = Blanks.cutToNull(threadId);
        return new SessionKey(start(agentId) + "main" + suffix(thread), agentId, null, null, null, thread);
    }

    /** The agent's own session for its heartbeat: {@code agent:<agent>:heartbeat}. */
    public static SessionKey heartbeat(String agentId) {
        return new SessionKey(start(agentId) + "heartbeat", agentId, null, null, null, null);
    }

    /** The session of a background task that was given none: {@code agent:<agent>:task:<id>}. */
    public static SessionKey task(String agentId, String taskId) {
        return new SessionKey(start(agentId) + "task:" + part("task id", taskId), agentId, null, null, null, null);
    }

    /** The session of a schedule: {@code agent:<agent>:schedule:<name>}. */
    public static SessionKey schedule(String agentId, String name) {
        return new SessionKey(start(agentId) + "schedule:" + part("schedule", name), agentId, null, null, null, null);
    }

    /**
     * The session of one peer.
     *
     * @param scope how far a direct session reaches; groups and channels have one each whatever it says
     * @param channel compared without case
     * @param accountId compared without case; null or blank means {@value #DEFAULT_ACCOUNT}
     * @param threadId null or blank means none
     * @throws NotRoutable if a part that the key needs is blank, holds half a surrogate pair or makes it too long
     */
    public static SessionKey of(
            String agentId,
            DmScope scope,
            String channel,
            @Nullable String accountId,
            Peer peer,
            @Nullable String threadId) {
        if (peer.kind() == Peer.Kind.DIRECT) {
            return direct(agentId, scope, channel, accountId, peer.id(), threadId);
        }
        return ofAccount(agentId, channel, accountId, peer.kind(), peer.id(), threadId);
    }

    /** The session of one person, as {@link #of}; scope {@code main} needs neither channel nor peer. */
    public static SessionKey direct(
            String agentId,
            DmScope scope,
            String channel,
            @Nullable String accountId,
            String peerId,
            @Nullable String threadId) {
        return switch (scope) {
            case MAIN -> main(agentId, threadId);
            case PER_PEER -> {
                String peer = part("peer id", peerId);
                String thread = Blanks.cutToNull(threadId);
                String text = start(agentId) + "direct:" + peer + suffix(thread);
                yield new SessionKey(text, agentId, null, null, person(peerId), thread);
            }
            case PER_CHANNEL_PEER -> {
                String name = Blanks.fold(channel);
                String thread = Blanks.cutToNull(threadId);
                String text =
                        start(agentId) + part("channel", name) + ":direct:" + part("peer id", peerId) + suffix(thread);
                yield new SessionKey(text, agentId, name, null, person(peerId), thread);
            }
            case PER_ACCOUNT_CHANNEL_PEER -> ofAccount(agentId, channel, accountId, Peer.Kind.DIRECT, peerId, threadId);
        };
    }

    private static SessionKey ofAccount(
            String agentId,
            String channel,
            @Nullable String accountId,
            Peer.Kind kind,
            String peerId,
            @Nullable String threadId) {
        String name = Blanks.fold(channel);
        String account = accountId == null || Blanks.isBlank(accountId) ? DEFAULT_ACCOUNT : Blanks.fold(accountId);
        String thread = Blanks.cutToNull(threadId);
        String text = start(agentId) + part("channel", name) + ":" + part("account id", account) + ":" + kind.word()
                + ":" + part("peer id", peerId) + suffix(thread);
        return new SessionKey(text, agentId, name, account, new Peer(kind, Blanks.cut(peerId)), thread);
    }

    /**
     * Reads a key written by this class. Other spellings of the same key (upper case in a channel, {@code %3a}, blanks around)
     * are refused, so that a conversation cannot be reached under two names.
     *
     * @throws IllegalArgumentException if it is no session key; the message is fit for whoever wrote it
     */
    public static SessionKey parse(String text) {
        if (text.length() > LENGTH_MAX) {
            throw new IllegalArgumentException("a session key is at most " + LENGTH_MAX + " characters long");
        }
        SessionKey key;
        try {
            key = read(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + Shown.text(text) + "\" is no session key: " + e.getMessage(), e);
        }
        if (!key.text.equals(text)) {
            throw new IllegalArgumentException(
                    "session key \"" + Shown.text(text) + "\" is written in another way; write " + key.text);
        }
        return key;
    }

    private static SessionKey read(String text) {
        List<String> parts = Arrays.asList(text.split(":", -1));
        if (parts.size() < 3 || !parts.getFirst().equals("agent")) {
            throw new IllegalArgumentException(
                    "write agent:<agent>:main, agent:<agent>:<channel>:direct:<peer> or the like");
        }
        String agent = AgentIds.check(parts.get(1));
        List<String> rest =
                parts.subList(2, parts.size()).stream().map(KeyPart::decode).toList();
        int size = rest.size();
        if (size == 1 && rest.getFirst().equals("heartbeat")) {
            return heartbeat(agent);
        }
        if (size == 2 && rest.getFirst().equals("task")) {
            return task(agent, rest.get(1));
        }
        if (size == 2 && rest.getFirst().equals("schedule")) {
            return schedule(agent, rest.get(1));
        }
        // No form has this word in this place by itself, so a peer or account called "thread" is no trouble.
        boolean threaded = size >= 3 && rest.get(size - 2).equals("thread");
        String thread = threaded ? required("thread id", rest.get(size - 1)) : null;
        return read(agent, threaded ? rest.subList(0, size - 2) : rest, thread);
    }

    private static SessionKey read(String agent, List<String> parts, @Nullable String thread) {
        int size = parts.size();
        if (size == 1 && parts.getFirst().equals("main")) {
            return main(agent, thread);
        }
        if (size == 2 && parts.getFirst().equals("direct")) {
            return direct(agent, DmScope.PER_PEER, "", null, parts.get(1), thread);
        }
        if (size == 3 && parts.get(1).equals("direct")) {
            return direct(agent, DmScope.PER_CHANNEL_PEER, parts.getFirst(), null, parts.get(2), thread);
        }
        if (size == 4) {
            String account = required("account id", parts.get(1));
            return ofAccount(agent, parts.getFirst(), account, Peer.Kind.of(parts.get(2)), parts.get(3), thread);
        }
        throw new IllegalArgumentException("what follows the agent is unknown");
    }

    /** The agent that speaks in this conversation. */
    public String agentId() {
        return agentId;
    }

    /** The channel in lower case, if the key names one. */
    public @Nullable String channel() {
        return channel;
    }

    /** The account in lower case, if the key names one. */
    public @Nullable String accountId() {
        return accountId;
    }

    /** The peer, if the key names one. */
    public @Nullable Peer peer() {
        return peer;
    }

    /** The thread inside the peer, if any. */
    public @Nullable String threadId() {
        return threadId;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionKey key && text.equals(key.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The key as it is stored and sent. */
    @Override
    public String toString() {
        return text;
    }

    private static String start(String agentId) {
        return "agent:" + AgentIds.check(agentId) + ":";
    }

    private static String suffix(@Nullable String threadId) {
        return threadId == null ? "" : ":thread:" + KeyPart.encode("thread id", threadId);
    }

    private static String part(String what, String text) {
        return KeyPart.encode(what, required(what, Blanks.cut(text)));
    }

    private static String required(String what, String text) {
        if (Blanks.isBlank(text)) {
            throw new NotRoutable("the " + what + " is missing");
        }
        return text;
    }

    private static Peer person(String peerId) {
        return Peer.direct(Blanks.cut(peerId));
    }
}
