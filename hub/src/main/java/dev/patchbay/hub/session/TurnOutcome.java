package dev.patchbay.hub.session;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Button;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.attachment.AttachmentJson;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a turn ended, as its caller learns it.
 *
 * @param text the agent's text; empty unless answered
 * @param error why there is no answer, without secrets; null if there is one, or silence
 * @param at when it ended
 * @param tokens tokens read and written, by all agents that were asked; 0 if nobody counted
 * @param inputTokens those that the one who answered has read
 * @param attachments of all messages of the answer, in order
 * @param buttons of all messages of the answer, in order
 * @param budget the one that is spent, with {@link Status#BUDGET_SPENT} only
 */
public record TurnOutcome(
        String messageId,
        String sessionKey,
        String agentId,
        Status status,
        String text,
        @Nullable String error,
        Instant at,
        long tokens,
        long inputTokens,
        List<Attachment> attachments,
        List<Button> buttons,
        Optional<SpentBudget> budget) {

    /** A budget that kept the agent from being asked, and when it begins anew; {@code word} is daily or monthly. */
    public record SpentBudget(String word, Instant resetsAt) {}

    public TurnOutcome {
        attachments = List.copyOf(attachments);
        buttons = List.copyOf(buttons);
    }

    /** One that is nothing but text. */
    public TurnOutcome(
            String messageId,
            String sessionKey,
            String agentId,
            Status status,
            String text,
            @Nullable String error,
            Instant at,
            long tokens) {
        this(
                messageId,
                sessionKey,
                agentId,
                status,
                text,
                error,
                at,
                tokens,
                0,
                List.of(),
                List.of(),
                Optional.empty());
    }

    /** How a turn ended with what the agent has given. */
    static TurnOutcome of(Turns.Pending message, TurnResult result, Instant at, long tokens) {
        String id = message.messageId();
        String session = message.sessionKey();
        return switch (result) {
            case TurnResult.Answered(String agent, Reply reply, String text) ->
                new TurnOutcome(
                        id,
                        session,
                        agent,
                        Status.ANSWERED,
                        text,
                        null,
                        at,
                        tokens,
                        reply.inputTokens(),
                        reply.messages().stream()
                                .flatMap(each -> each.attachments().stream())
                                .toList(),
                        reply.messages().stream()
                                .flatMap(each -> each.buttons().stream())
                                .toList(),
                        Optional.empty());
            case TurnResult.Silent(String agent) ->
                new TurnOutcome(id, session, agent, Status.SILENT, "", null, at, tokens);
            case TurnResult.Failed failed ->
                new TurnOutcome(
                        id,
                        session,
                        failed.agentId(),
                        switch (failed.kind()) {
                            case FAILED -> Status.AGENT_FAILED;
                            case TIMED_OUT -> Status.AGENT_TIMED_OUT;
                            case BUDGET_SPENT -> Status.BUDGET_SPENT;
                            case STOPPED -> Status.STOPPED;
                            case INTERRUPTED -> Status.INTERRUPTED;
                        },
                        "",
                        failed.reason(),
                        at,
                        tokens,
                        0,
                        List.of(),
                        List.of(),
                        failed.spent()
                                .map(spent -> new SpentBudget(spent.budget().word(), spent.resetsAt())));
        };
    }

    /** What its caller learns instead if it was not written down. */
    TurnOutcome without(Status reason, @Nullable String why) {
        return new TurnOutcome(messageId, sessionKey, agentId, reason, "", why, at, 0);
    }

    /** The same, told to those who wait for another message that was answered with this one. */
    TurnOutcome of(String message) {
        return new TurnOutcome(
                message,
                sessionKey,
                agentId,
                status,
                text,
                error,
                at,
                tokens,
                inputTokens,
                attachments,
                buttons,
                budget);
    }

    /** What {@code chat.end} says, as an event carries it. */
    public Map<String, String> answerFields() {
        var fields = new HashMap<String, String>();
        fields.put("text", text);
        putEnclosed(fields, attachments, buttons);
        return fields;
    }

    /** Lists as texts, for lines and events; what is empty is left out. */
    static void putEnclosed(Map<String, String> fields, List<Attachment> attachments, List<Button> buttons) {
        if (!attachments.isEmpty()) {
            fields.put(AttachmentJson.ATTACHMENTS, AttachmentJson.attachments(attachments));
        }
        if (!buttons.isEmpty()) {
            fields.put(AttachmentJson.BUTTONS, AttachmentJson.buttons(buttons));
        }
    }

    /** The kinds of end. */
    public enum Status {
        ANSWERED,
        SILENT,
        AGENT_FAILED,
        AGENT_TIMED_OUT,
        /** The agent was not asked: what it may cost is spent. */
        BUDGET_SPENT,
        /** Somebody told it to end before it had an answer. */
        STOPPED,
        /** A newer message ended it before it had an answer. */
        INTERRUPTED,
        /** Not ended: the store does not take it now; it will be tried again without the caller. */
        NOT_STORED,
        /** Not ended: the hub stops; it runs at the next start. */
        SHUTTING_DOWN,
        /** Ended earlier, but its transcript has been cleared since. */
        FORGOTTEN
    }
}
