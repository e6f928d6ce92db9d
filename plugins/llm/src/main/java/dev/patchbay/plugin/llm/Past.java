package dev.patchbay.plugin.llm;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.patchbay.api.Turn;
import dev.patchbay.api.Turn.Line;
import dev.patchbay.plugin.llm.ModelCalls.Request;
import dev.patchbay.plugin.llm.Summaries.Mark;
import dev.patchbay.plugin.llm.Summaries.Summary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was said before, as much as fits: the latest lines as they were, older ones as a summary by the model, made anew only when the
 * latest do not fit any more. Safe for many threads.
 */
final class Past {
    /** Stands where older lines were, when nobody could summarise them. */
    static final String LEFT_OUT = "(Earlier messages of this conversation were left out.)";

    private static final Logger log = LoggerFactory.getLogger(Past.class);
    private static final int LINES_FEW = 100;
    private static final int LINES_MAX = 1_000;
    private static final int SUMMARY_TOKENS_MAX = 1_000;
    private static final int LINE_TOKENS_MAX = 500;

    private final ModelLadder ladder;
    private final int contextTokens;
    private final Summaries summaries = new Summaries();

    Past(ModelLadder ladder, int contextTokens) {
        this.ladder = ladder;
        this.contextTokens = contextTokens;
    }

    /**
     * What a model gets to read.
     *
     * @param summary of all that is older, empty if there is nothing
     */
    record Remembered(String summary, List<ChatMessage> lines) {}

    /**
     * Looks back.
     *
     * @param room tokens that it may take
     * @param patience for a summary
     */
    Remembered of(Turn turn, int room, Duration patience, Meter meter) throws InterruptedException {
        List<Line> lines = lines(turn, room);
        Optional<Summary> known = summaries.of(turn.sessionKey());
        int from = known.flatMap(each -> each.until().after(lines)).orElse(0);
        if (from == 0 && known.isPresent()) {
            // The conversation was begun anew, or it is so long that the line is out of sight.
            summaries.forget(turn.sessionKey());
            known = Optional.empty();
        }
        String summary = known.map(Summary::text).orElse("");
        List<Line> fresh = lines.subList(from, lines.size());
        if (tokens(fresh) + TokenEstimate.of(summary) <= room) {
            return new Remembered(summary, messages(fresh));
        }
        int kept = latest(fresh, room / 2);
        List<Line> old = fresh.subList(0, kept);
        if (!old.isEmpty()) {
            summary = summarised(summary, old, Math.min(SUMMARY_TOKENS_MAX, room / 4), patience, meter);
            summaries.keep(turn.sessionKey(), new Summary(Mark.of(old.getLast()), summary));
        }
        return new Remembered(summary, messages(fresh.subList(kept, fresh.size())));
    }

    private List<Line> lines(Turn turn, int room) {
        List<Line> few = said(turn.history().latest(LINES_FEW));
        Optional<Summary> known = summaries.of(turn.sessionKey());
        boolean isEnough = few.size() < LINES_FEW
                || (known.isPresent() ? known.get().until().after(few).isPresent() : tokens(few) > room);
        return isEnough ? few : said(turn.history().latest(LINES_MAX));
    }

    private static List<Line> said(List<Line> lines) {
        return lines.stream().filter(line -> !line.content().isBlank()).toList();
    }

    /** Where the latest lines begin that fit; with something that the user has said. */
    private static int latest(List<Line> lines, int room) {
        int from = lines.size();
        int used = 0;
        while (from > 0) {
            used += TokenEstimate.of(message(lines.get(from - 1)));
            if (used > room) {
                break;
            }
            from--;
        }
        while (from < lines.size() && !lines.get(from).role().equals("user")) {
            from++;
        }
        return from;
    }

    private String summarised(String before, List<Line> old, int tokensMax, Duration patience, Meter meter)
            throws InterruptedException {
        var asked = new FutureTask<>(() -> ladder.askOnce(question(before, old, tokensMax), meter));
        Thread thread = Thread.ofVirtual().name("llm-summary").start(asked);
        try {
            String text =
                    asked.get(patience.toMillis(), TimeUnit.MILLISECONDS).text().strip();
            if (!text.isEmpty()) {
                return TokenEstimate.cut(text, tokensMax);
            }
        } catch (TimeoutException | ExecutionException noSummary) {
            log.warn("Older messages of a conversation are left out: the model gave no summary of them");
        } finally {
            thread.interrupt();
        }
        return before.isEmpty() || before.endsWith(LEFT_OUT) ? LEFT_OUT : before + "\n" + LEFT_OUT;
    }

    private Request question(String before, List<Line> old, int tokensMax) {
        String task =
                "Summarise the conversation below for somebody who will carry it on: facts, names, decisions, what was"
                        + " asked and is still open. At most " + tokensMax / 2
                        + " words, no introduction, in the language of the conversation.";
        var text = new StringBuilder();
        if (!before.isEmpty()) {
            text.append("What went before: ").append(before).append("\n\n");
        }
        for (Line line : old) {
            text.append(line.role())
                    .append(": ")
                    .append(TokenEstimate.cut(line.content(), LINE_TOKENS_MAX))
                    .append('\n');
        }
        int room = contextTokens - TokenEstimate.REQUEST - TokenEstimate.of(task) - 50;
        return new Request(
                List.of(
                        SystemMessage.from(task),
                        UserMessage.from(TokenEstimate.cut(text.toString(), Math.max(50, room)))),
                List.of());
    }

    private static int tokens(List<Line> lines) {
        return lines.stream().mapToInt(line -> TokenEstimate.of(message(line))).sum();
    }

    private static List<ChatMessage> messages(List<Line> lines) {
        var messages = new ArrayList<ChatMessage>();
        lines.forEach(line -> messages.add(message(line)));
        return messages;
    }

    private static ChatMessage message(Line line) {
        return line.role().equals("user") ? UserMessage.from(line.content()) : AiMessage.from(line.content());
    }
}
