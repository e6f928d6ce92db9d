package dev.patchbay.hub.gateway.method;

import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.event.HubEvent;
import dev.patchbay.hub.gateway.rpc.EventStream;
import dev.patchbay.hub.session.PendingTurn;
import dev.patchbay.hub.session.TurnOutcome;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes on the events of one turn to the client that asked for them. The turn may begin before its id is known here, so what
 * comes until then is kept. Where the client has subscribed to the same events anyway, the subscription alone sends them.
 */
public final class TurnStream implements Events.Listener {
    private static final int KEPT_MAX = 10_000;

    private final Consumer<HubEvent> client;
    private final Optional<Subscription> subscription;
    private final ArrayDeque<HubEvent> kept = new ArrayDeque<>();
    private @Nullable String messageId;
    private boolean started;
    private boolean ended;

    TurnStream(EventStream client, Optional<Subscription> subscription) {
        this(event -> client.send(EventJson.frame(event)), subscription);
    }

    /**
     * For a client without subscriptions.
     *
     * @param client takes what belongs to the turn; called by one thread at a time, must not block
     */
    public TurnStream(Consumer<HubEvent> client) {
        this(client, Optional.empty());
    }

    private TurnStream(Consumer<HubEvent> client, Optional<Subscription> subscription) {
        this.client = client;
        this.subscription = subscription;
    }

    @Override
    public synchronized boolean on(HubEvent event) {
        if (messageId != null) {
            pass(event);
        } else if (event.type().startsWith("chat.") && kept.size() < KEPT_MAX) {
            kept.add(event);
        }
        return true;
    }

    /** From now on it is known which turn it is. */
    public synchronized void follow(String id) {
        messageId = id;
        kept.forEach(this::pass);
        kept.clear();
    }

    /** Makes sure that the stream has its beginning and its end; both are missing if the turn ended in an earlier call. */
    void finish(PendingTurn turn, @Nullable TurnOutcome outcome, long cursor) throws InterruptedException {
        if (subscription.isPresent()) {
            subscription.get().awaitLive();
        }
        synchronized (this) {
            if (outcome == null || ended) {
                return;
            }
            boolean answered =
                    outcome.status() == TurnOutcome.Status.ANSWERED || outcome.status() == TurnOutcome.Status.SILENT;
            if (!started) {
                pass(new HubEvent("chat.start", turn.messageId(), outcome.sessionKey(), Map.of(), cursor));
            }
            pass(new HubEvent(
                    answered ? "chat.end" : "chat.error",
                    turn.messageId(),
                    outcome.sessionKey(),
                    answered
                            ? outcome.answerFields()
                            : Map.of("error", Objects.requireNonNullElse(outcome.error(), "")),
                    cursor));
        }
    }

    private void pass(HubEvent event) {
        if (!Objects.equals(event.messageId(), messageId) || !event.type().startsWith("chat.")) {
            return;
        }
        started |= event.type().equals("chat.start");
        ended |= event.type().equals("chat.end") || event.type().equals("chat.error");
        boolean sentAnyway = subscription.map(each -> each.wants(event)).orElse(false);
        if (!sentAnyway) {
            client.accept(event);
        }
    }
}
