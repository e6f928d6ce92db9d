package dev.patchbay.hub.session;

import dev.patchbay.api.Peer;
import dev.patchbay.api.Sender;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.routing.DmScope;
import dev.patchbay.hub.routing.Route;
import dev.patchbay.hub.routing.RouteQuery;
import dev.patchbay.hub.routing.SessionKey;
import dev.patchbay.hub.store.DedupKey;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredLine;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Conversations as programs hold them: through the API, the answer going back to the caller. Safe for many threads. */
public final class Conversations {
    /** The channel of sessions that no channel has opened. */
    public static final String API_CHANNEL = "api";

    private static final Duration KEY_KEPT = Duration.ofHours(24);

    private final Inbox inbox;
    private final Bindings bindings;
    private final Agents agents;
    private final String defaultAgent;
    private final DmScope dmScope;
    private final Clock clock;

    public Conversations(
            Inbox inbox, Bindings bindings, Agents agents, String defaultAgent, DmScope dmScope, Clock clock) {
        this.inbox = inbox;
        this.bindings = bindings;
        this.agents = agents;
        this.defaultAgent = defaultAgent;
        this.dmScope = dmScope;
        this.clock = clock;
    }

    /**
     * Stores a message; its turn comes by itself. Returns when it is on disk: calls that are made one after the other are
     * answered in that order within their session.
     *
     * @throws Refusal if it was not taken
     * @throws StoreException if it could not be stored
     */
    public PendingTurn send(ChatRequest request) throws Refusal, InterruptedException {
        Target target = target(request);
        var envelope = new Envelope(
                target.channel(),
                target.accountId(),
                target.peer(),
                null,
                new Sender(request.contextUser() == null ? request.caller() : request.contextUser(), null),
                request.text(),
                request.attachments(),
                null,
                false);
        return inbox.accept(
                new Inbox.Routed(
                        target.key().toString(),
                        target.key().agentId(),
                        envelope,
                        dedup(request),
                        Optional.empty(),
                        request.contextUser() != null),
                Inbox.Asker.WAITS);
    }

    /** The message whose turn answered this one: itself, or a later one of the same voice. */
    public static String answeredWith(StoredLine user) {
        return TurnLines.lead(user);
    }

    /** The id of the transcript line that answers a message. */
    public static String answerLineId(String messageId) {
        return TurnLines.answerLineId(messageId);
    }

    private record Target(
            SessionKey key,
            String channel,
            String accountId,
            @Nullable Peer peer) {}

    private Target target(ChatRequest request) throws Refusal {
        if (request.text().isBlank() && request.attachments().isEmpty()) {
            throw new Refusal(Refusal.Reason.INVALID, "text", "the text is blank");
        }
        if (request.agentId() != null) {
            known(request, "agent_id", request.agentId());
        }
        if (request.sessionKey() != null) {
            return session(request, request.sessionKey());
        }
        if (request.contextChannel() != null || request.contextUser() != null) {
            return context(request);
        }
        String agent = request.agentId() == null ? defaultAgent(request) : request.agentId();
        return new Target(SessionKey.main(agent), API_CHANNEL, SessionKey.DEFAULT_ACCOUNT, null);
    }

    private String defaultAgent(ChatRequest request) throws Refusal {
        if (request.sees().isWhole()) {
            return defaultAgent;
        }
        return request.sees()
                .defaultAgent()
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.INVALID,
                        "agent_id",
                        "there is no default agent; name one, agents.list shows them"));
    }

    private Target session(ChatRequest request, String text) throws Refusal {
        SessionKey key;
        try {
            key = SessionKey.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw new Refusal(Refusal.Reason.INVALID, "session_key", String.valueOf(malformed.getMessage()));
        }
        known(request, "session_key", key.agentId());
        if (request.agentId() != null && !request.agentId().equals(key.agentId())) {
            throw new Refusal(Refusal.Reason.INVALID, "agent_id", "the session belongs to agent " + key.agentId());
        }
        String channel = key.channel() == null ? API_CHANNEL : key.channel();
        String account = key.accountId() == null ? SessionKey.DEFAULT_ACCOUNT : key.accountId();
        return new Target(key, channel, account, key.peer());
    }

    private Target context(ChatRequest request) throws Refusal {
        if (request.contextChannel() == null || request.contextUser() == null) {
            throw new Refusal(Refusal.Reason.INVALID, "context", "it needs both channel and user_id");
        }
        try {
            var query = RouteQuery.of(request.contextChannel(), null, Peer.direct(request.contextUser()));
            Route route = bindings.router().seenBy(request.sees()).route(query);
            SessionKey key = route.sessionKey();
            if (request.agentId() != null && !request.agentId().equals(route.agentId())) {
                key = SessionKey.of(request.agentId(), dmScope, query.channel(), query.accountId(), query.peer(), null);
            }
            return new Target(key, query.channel(), query.account(), query.peer());
        } catch (IllegalArgumentException wrong) {
            throw new Refusal(Refusal.Reason.INVALID, "context", String.valueOf(wrong.getMessage()));
        }
    }

    private void known(ChatRequest request, String parameter, String agent) throws Refusal {
        if (!agents.knows(agent) || !request.sees().agent(agent)) {
            // To a tenant, an agent of another one and none at all are the same.
            throw new Refusal(
                    request.sees().isWhole() ? Refusal.Reason.INVALID : Refusal.Reason.NOT_FOUND,
                    parameter,
                    "there is no agent \"" + agent + "\"");
        }
    }

    private Optional<DedupKey> dedup(ChatRequest request) {
        if (request.idempotencyKey() == null) {
            return Optional.empty();
        }
        String key = String.join("\n", request.method(), request.caller(), request.idempotencyKey());
        String content = String.join(
                "\n",
                request.text(),
                String.valueOf(request.sessionKey()),
                String.valueOf(request.agentId()),
                String.valueOf(request.contextChannel()),
                String.valueOf(request.contextUser()),
                request.attachments().toString());
        return Optional.of(new DedupKey(key, sha256(content), clock.instant().plus(KEY_KEPT)));
    }

    private static String sha256(String content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
