package dev.patchbay.hub.session;

import dev.patchbay.api.Peer;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.delivery.DeliveryRefused;
import dev.patchbay.hub.delivery.Outbound;
import dev.patchbay.hub.delivery.Prepared;
import dev.patchbay.hub.delivery.Showing;
import dev.patchbay.hub.store.TurnCommit;
import dev.patchbay.hub.usage.BudgetTalk;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a peer gets to see of a turn: a draft while it runs, and what is sent when it has ended. Safe for many threads. */
final class Answers {
    private static final Logger log = LoggerFactory.getLogger(Answers.class);

    private final Deliveries deliveries;
    private final BudgetTalk budgetTalk;

    Answers(Deliveries deliveries, Clock clock) {
        this.deliveries = deliveries;
        this.budgetTalk = new BudgetTalk(clock);
    }

    /**
     * Begins a draft for whoever gets the answer by the queue.
     *
     * @param first of the turn's messages; the draft is known by it, also after a restart
     */
    Showing show(Turns.Pending message, Turns.Pending first) {
        Envelope envelope = message.envelope();
        return envelope.peer() != null && envelope.answerByQueue()
                ? deliveries.show(
                        outbound(message, envelope.peer(), new Reply.Message("", List.of()), Showing.End.OF_NOTHING),
                        first.messageId(),
                        first.left())
                : Showing.NOTHING;
    }

    /** What is to be sent, in order, to be committed with the end of the turn; what cannot be sent is left out. */
    List<Prepared> prepare(Turns.Pending message, TurnResult result, Showing.End shown) {
        var prepared = new ArrayList<Prepared>();
        switch (result) {
            case TurnResult.Answered answered ->
                answered.reply().messages().forEach(each -> add(prepared, message, each, shown));
            case TurnResult.Silent silent -> {}
            case TurnResult.Failed failed ->
                failed.peerText()
                        .filter(text -> failed.spent().isEmpty()
                                || budgetTalk.isToBeTold(
                                        message.sessionKey(), failed.spent().get()))
                        .ifPresent(text -> add(prepared, message, new Reply.Message(text, List.of()), shown));
        }
        return prepared;
    }

    /** They are committed and may go out. */
    void stored(List<Prepared> prepared, TurnCommit commit, Instant restsUntil) {
        for (int i = 0; i < prepared.size(); i++) {
            deliveries.stored(prepared.get(i), commit.deliverySeqs().get(i), restsUntil);
        }
    }

    private void add(List<Prepared> prepared, Turns.Pending message, Reply.Message reply, Showing.End shown) {
        Envelope envelope = message.envelope();
        if (envelope.peer() == null || !deliveries.canSend(envelope.channel(), envelope.accountId())) {
            return;
        }
        try {
            // The first message takes the draft's place, the others stand below it.
            prepared.add(deliveries.prepare(
                    outbound(message, envelope.peer(), reply, prepared.isEmpty() ? shown : Showing.End.OF_NOTHING)));
        } catch (DeliveryRefused cannot) {
            log.info("An answer to message {} stays in the transcript: {}", message.messageId(), cannot.getMessage());
        }
    }

    private static Outbound outbound(Turns.Pending message, Peer peer, Reply.Message reply, Showing.End shown) {
        Envelope envelope = message.envelope();
        return new Outbound(
                envelope.channel(),
                envelope.accountId(),
                peer,
                envelope.threadId(),
                reply.text(),
                reply.attachments(),
                reply.buttons(),
                envelope.replyTo(),
                shown.draftId(),
                shown.isUncertain(),
                Optional.empty(),
                message.messageId(),
                message.sessionKey());
    }
}
