package dev.patchbay.hub.session;

import dev.patchbay.hub.attachment.AttachmentJson;
import dev.patchbay.hub.store.NewLine;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoredLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** A turn as its transcript has it: the lines it leaves, and what they tell of it later. */
final class TurnLines {
    /** In the metadata of a user line: the later message whose turn answered it, too. */
    static final String ANSWERED_WITH = "answered_with";

    /** In the metadata of an assistant line: earlier messages that it answers besides {@code reply_to}, with blanks between them. */
    static final String ALSO_ANSWERS = "also_answers";

    private TurnLines() {}

    /** The id of the line that answers a message; from the message's own, so that a repeat finds it without a search. */
    static String answerLineId(String messageId) {
        return messageId + "-a";
    }

    /**
     * The lines of one turn.
     *
     * @param messages all that it answers, in order
     * @param outcome of the last one
     * @param command the word, if it was one
     * @param used what it has used, for the line of the answer, or of the message if there is none
     */
    static List<NewLine> of(
            List<Turns.Pending> messages, TurnOutcome outcome, Optional<String> command, Map<String, String> used) {
        boolean isAnswered = outcome.status() == TurnOutcome.Status.ANSWERED;
        var lines = new ArrayList<NewLine>(messages.size() + 1);
        Map<String, String> withoutAnswer = isAnswered ? Map.of() : used;
        messages.forEach(each -> lines.add(
                user(each, outcome, command, each.messageId().equals(outcome.messageId()) ? withoutAnswer : Map.of())));
        if (isAnswered) {
            lines.add(assistant(messages, outcome, command, used));
        }
        return List.copyOf(lines);
    }

    private static NewLine user(
            Turns.Pending message, TurnOutcome outcome, Optional<String> command, Map<String, String> used) {
        var metadata = new LinkedHashMap<String, String>();
        command.ifPresent(word -> metadata.put(ChatCommands.METADATA, word));
        metadata.put("channel", message.envelope().channel());
        metadata.put("agent_id", outcome.agentId());
        if (!message.messageId().equals(outcome.messageId())) {
            metadata.put(ANSWERED_WITH, outcome.messageId());
        }
        if (outcome.error() != null) {
            metadata.put("error", outcome.error());
            metadata.put("error_kind", outcome.status().name());
            outcome.budget().ifPresent(budget -> {
                metadata.put("budget", budget.word());
                metadata.put("resets_at", budget.resetsAt().toString());
            });
        } else if (outcome.status() == TurnOutcome.Status.SILENT) {
            metadata.put("silent", "true");
        }
        metadata.putAll(used);
        TurnOutcome.putEnclosed(metadata, message.envelope().attachments(), List.of());
        return new NewLine(
                message.messageId(), "user", message.envelope().text(), message.acceptedAt(), Map.copyOf(metadata));
    }

    private static NewLine assistant(
            List<Turns.Pending> messages, TurnOutcome outcome, Optional<String> command, Map<String, String> used) {
        var metadata = new LinkedHashMap<String, String>();
        metadata.put("reply_to", outcome.messageId());
        if (messages.size() > 1) {
            metadata.put(
                    ALSO_ANSWERS,
                    messages.subList(0, messages.size() - 1).stream()
                            .map(Turns.Pending::messageId)
                            .collect(Collectors.joining(" ")));
        }
        metadata.put("agent_id", outcome.agentId());
        command.ifPresent(word -> metadata.put(ChatCommands.METADATA, word));
        metadata.putAll(used);
        if (outcome.inputTokens() > 0) {
            metadata.put("input_tokens", Long.toString(outcome.inputTokens()));
        }
        TurnOutcome.putEnclosed(metadata, outcome.attachments(), outcome.buttons());
        return new NewLine(
                answerLineId(outcome.messageId()), "assistant", outcome.text(), outcome.at(), Map.copyOf(metadata));
    }

    /** The message whose turn answered this one: itself, or a later one that it was joined with. */
    static String lead(Store store, String messageId) throws InterruptedException {
        return store.line(messageId).map(TurnLines::lead).orElse(messageId);
    }

    static String lead(StoredLine user) {
        return user.metadata().getOrDefault(ANSWERED_WITH, user.lineId());
    }

    /** How a message's turn ended; empty if it has not, or the transcript is gone. */
    static Optional<TurnOutcome> ended(Store store, String messageId) throws InterruptedException {
        Optional<StoredLine> asked = store.line(messageId);
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        StoredLine user = asked.get();
        String agent = user.metadata().getOrDefault("agent_id", "");
        String error = user.metadata().get("error");
        if (error != null) {
            var status = TurnOutcome.Status.valueOf(
                    user.metadata().getOrDefault("error_kind", TurnOutcome.Status.AGENT_FAILED.name()));
            return Optional.of(new TurnOutcome(
                    messageId,
                    user.sessionKey(),
                    agent,
                    status,
                    "",
                    error,
                    user.at(),
                    0,
                    0,
                    List.of(),
                    List.of(),
                    Optional.ofNullable(user.metadata().get("budget"))
                            .map(word -> new TurnOutcome.SpentBudget(
                                    word,
                                    Instant.parse(Objects.requireNonNull(
                                            user.metadata().get("resets_at")))))));
        }
        return Optional.of(store.line(answerLineId(lead(user)))
                .map(line -> new TurnOutcome(
                        messageId,
                        line.sessionKey(),
                        Objects.requireNonNullElse(line.metadata().get("agent_id"), agent),
                        TurnOutcome.Status.ANSWERED,
                        line.content(),
                        null,
                        line.at(),
                        Long.parseLong(line.metadata().getOrDefault("tokens", "0")),
                        Long.parseLong(line.metadata().getOrDefault("input_tokens", "0")),
                        AttachmentJson.readAttachments(line.metadata().get(AttachmentJson.ATTACHMENTS)),
                        AttachmentJson.readButtons(line.metadata().get(AttachmentJson.BUTTONS)),
                        Optional.empty()))
                .orElseGet(() -> new TurnOutcome(
                        messageId, user.sessionKey(), agent, TurnOutcome.Status.SILENT, "", null, user.at(), 0)));
    }
}
