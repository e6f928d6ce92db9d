package dev.patchbay.hub.simulation;

import dev.patchbay.hub.session.Busy;
import dev.patchbay.hub.store.DeliveryFilter;
import dev.patchbay.hub.store.DeliveryRef;
import dev.patchbay.hub.store.Page;
import dev.patchbay.hub.store.SessionFilter;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoredDelivery;
import dev.patchbay.hub.store.StoredLine;
import dev.patchbay.hub.store.StoredSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The end of a run, when everything has come to its end: what was said, what the hub says became of it, and what peers have seen must fit. */
final class Verdict {
    private static final int ALL = 1_000;

    private final Store store;
    private final Plan plan;
    private final Judge judge;
    private final Map<String, StoredDelivery> deliveries = new LinkedHashMap<>();
    private final Map<String, List<StoredDelivery>> byMessage = new HashMap<>();
    private final Map<String, List<StoredLine>> asked = new HashMap<>();
    private final Map<String, StoredLine> answers = new HashMap<>();

    /** What one turn was about, by the message that its answer refers to: several in order, if they were joined. */
    private final Map<String, List<StoredLine>> turns = new HashMap<>();

    /** The latest question of each session. */
    private final Map<String, Long> latest = new HashMap<>();

    private final Map<String, Talker.Question> questions = new HashMap<>();

    private Verdict(Store store, Plan plan, Judge judge) {
        this.store = store;
        this.plan = plan;
        this.judge = judge;
    }

    static void give(Store store, Plan plan, Judge judge, List<Talker> talkers, Bulk bulk) throws InterruptedException {
        var verdict = new Verdict(store, plan, judge);
        verdict.readDeliveries();
        verdict.readTranscripts();
        talkers.forEach(talker -> talker.questions.forEach(question -> verdict.questions.put(question.text, question)));
        talkers.forEach(verdict::judge);
        verdict.judgeStops();
        verdict.judgeOrder(bulk.withoutPlace());
        bulk.taken.forEach(verdict::judgeBulk);
        judge.deliveriesSeen().stream()
                .filter(id -> !verdict.deliveries.containsKey(id))
                .forEach(id -> judge.object("delivery " + id + " was sent, and nothing is known of it"));
    }

    private void readDeliveries() throws InterruptedException {
        Optional<String> cursor = Optional.empty();
        do {
            Page<StoredDelivery> page = store.deliveries(DeliveryFilter.ALL, ALL, cursor);
            page.items().forEach(each -> deliveries.put(each.ref().deliveryId(), each));
            cursor = page.next();
        } while (cursor.isPresent());
        // Newest first.
        for (StoredDelivery each : new ArrayList<>(deliveries.values()).reversed()) {
            if (each.messageId() != null) {
                byMessage
                        .computeIfAbsent(each.messageId(), absent -> new ArrayList<>())
                        .add(each);
            }
        }
    }

    private void readTranscripts() throws InterruptedException {
        for (StoredSession session :
                store.sessions(SessionFilter.ALL, ALL, Optional.empty()).items()) {
            String key = session.identity().sessionKey();
            StoredLine question = null;
            for (StoredLine line : store.history(key, ALL, Optional.empty()).items()) {
                if (line.role().equals("user")) {
                    asked.computeIfAbsent(line.content(), absent -> new ArrayList<>())
                            .add(line);
                    turns.computeIfAbsent(lead(line), absent -> new ArrayList<>())
                            .add(line);
                    question = line;
                    if (!Script.isStop(line.content())) {
                        latest.put(key, line.seq());
                    }
                } else if (question == null
                        || !question.lineId().equals(line.metadata().get("reply_to"))) {
                    judge.object("in session " + key + " line " + line.lineId() + " answers "
                            + line.metadata().get("reply_to") + " and stands behind "
                            + (question == null ? "nothing" : question.lineId()));
                } else {
                    answers.put(question.lineId(), line);
                }
            }
        }
    }

    // ---- one talker

    private void judge(Talker talker) {
        long before = 0;
        for (Talker.Question question : talker.questions) {
            List<StoredLine> lines = asked.getOrDefault(question.text, List.of());
            if (!question.isAcknowledged) {
                judge.object(question.text + " was never taken");
            }
            if (lines.size() != 1) {
                judge.object(
                        question.text + " was acknowledged, and stands in the transcript " + lines.size() + " times");
                continue;
            }
            StoredLine line = lines.getFirst();
            if (!Script.isStop(question.text)) {
                if (line.seq() < before) {
                    judge.object(question.text + " stands in the transcript before an older one");
                }
                before = line.seq();
            }
            if (lead(line).equals(line.lineId())) {
                judge(talker, question, line);
            } else {
                judgeJoined(question, line);
            }
        }
    }

    private static String lead(StoredLine line) {
        return line.metadata().getOrDefault("answered_with", line.lineId());
    }

    private void judgeJoined(Talker.Question question, StoredLine line) {
        if (plan.busy != Busy.COLLECT && !plan.debounce.isPositive()) {
            judge.object(question.text + " was joined with others");
        }
        if (byMessage.containsKey(line.lineId())) {
            judge.object(question.text + " was joined with others, and answered alone");
        }
        List<StoredLine> turn = turns.getOrDefault(lead(line), List.of());
        boolean hasLead = !turn.isEmpty() && turn.getLast().lineId().equals(lead(line));
        if (!hasLead) {
            judge.object(question.text + " was joined with " + lead(line) + ", which is not behind it");
        } else if (!ending(turn.getLast()).equals(ending(line))) {
            judge.object(question.text + " ended otherwise than what it was joined with");
        }
    }

    private static String ending(StoredLine line) {
        return line.metadata().getOrDefault("error", "") + line.metadata().getOrDefault("silent", "");
    }

    private void judgeStops() {
        long told = questions.keySet().stream().filter(Script::isStop).count();
        long stopped = turns.values().stream()
                .filter(turn -> "STOPPED".equals(turn.getLast().metadata().get("error_kind")))
                .count();
        if (stopped > told) {
            judge.object(stopped + " turns were stopped, and " + told + " times somebody said so");
        }
    }

    private boolean isElsewhere(StoredLine line) {
        Talker.Question question = questions.get(line.content());
        return question != null && (question.isHandedBack || question.isWaitCut);
    }

    private void judge(Talker talker, Talker.Question question, StoredLine line) {
        StoredLine answer = answers.get(line.lineId());
        List<StoredDelivery> sent = byMessage.getOrDefault(line.lineId(), List.of());
        List<String> expected = expected(question, line, answer);
        List<StoredLine> turn = turns.getOrDefault(line.lineId(), List.of(line));
        if (sent.isEmpty() && turn.stream().allMatch(this::isElsewhere)) {
            return;
        }
        if (question.isHandedBack && turn.size() == 1 && !sent.isEmpty()) {
            judge.object("the answer to " + question.text + " was handed back and sent, too");
        }
        if (sent.size() != expected.size()) {
            judge.object("the answer to " + question.text + " has " + expected.size() + " messages, of which "
                    + sent.size() + " were queued");
            return;
        }
        for (int i = 0; i < sent.size(); i++) {
            judge(talker, question, sent.get(i), expected.get(i));
        }
    }

    private List<String> expected(Talker.Question question, StoredLine line, @Nullable StoredLine answer) {
        if (Script.isStop(question.text)) {
            if (answer == null || !answer.content().matches("Stopped\\..*|There is nothing to stop\\.")) {
                judge.object(question.text + " is not answered as it should be");
                return List.of();
            }
            return List.of(answer.content());
        }
        if (answer != null) {
            String text = turns.getOrDefault(line.lineId(), List.of(line)).stream()
                    .map(StoredLine::content)
                    .collect(Collectors.joining("\n"));
            List<String> expected = Script.answer(answer.metadata().getOrDefault("agent_id", ""), text);
            if (!answer.content().equals(String.join("\n\n", expected))) {
                judge.object("the transcript answers " + question.text + " with " + answer.content());
            }
            return expected;
        }
        String kind = line.metadata().getOrDefault("error_kind", "");
        if (kind.equals("STOPPED") || kind.equals("INTERRUPTED")) {
            boolean isLatest = line.seq() == latest.getOrDefault(line.sessionKey(), 0L);
            if (kind.equals("INTERRUPTED") && (plan.busy != Busy.INTERRUPT || isLatest)) {
                judge.object(question.text + " was interrupted");
            }
            return List.of();
        }
        if (line.metadata().containsKey("error")) {
            // Reliable agents wait for the disk, too, when they look at what was said before.
            if (plan.agents.isReliable() && !plan.disk.calm().isPositive()) {
                judge.object("the turn of " + question.text + " failed: " + line.metadata());
            }
            return List.of(Script.APOLOGY);
        }
        if (!line.metadata().containsKey("silent")
                || turns.getOrDefault(line.lineId(), List.of(line)).stream()
                        .anyMatch(each -> !Script.answer(ScriptedAgents.MAIN, each.content())
                                .isEmpty())) {
            judge.object("the transcript has no answer to " + question.text);
        }
        return List.of();
    }

    private void judge(Talker talker, Talker.Question question, StoredDelivery sent, String expected) {
        DeliveryRef ref = sent.ref();
        String id = ref.deliveryId();
        if (explained(sent)) {
            String arrived = Script.bare(judge.arrived(id));
            if (!arrived.equals(Script.bare(List.of(expected)))) {
                judge.object("the answer to " + question.text + " arrived as " + judge.arrived(id));
            }
            boolean isThere = Optional.ofNullable(judge.lanes().get(talker.lane()))
                    .filter(lane -> lane.arrived.contains(new Judge.Part(id, 1)))
                    .isPresent();
            if (!isThere) {
                judge.object("the answer to " + question.text + " did not arrive at " + talker.lane());
            }
        }
    }

    private void judgeBulk(String text, String deliveryId) {
        StoredDelivery sent = deliveries.get(deliveryId);
        if (sent == null) {
            judge.object(text + " was taken and is gone");
        } else if (explained(sent) && !judge.arrived(deliveryId).equals(List.of(text))) {
            judge.object(text + " arrived as " + judge.arrived(deliveryId));
        }
    }

    /** Whether a delivery has arrived; if it has not, there must be a good reason. */
    private boolean explained(StoredDelivery sent) {
        DeliveryRef ref = sent.ref();
        String id = ref.deliveryId();
        if (judge.wasRepeated(id) && !ref.possiblyRepeated()) {
            judge.object("delivery " + id + " was repeated and does not say so");
        }
        boolean hasReason =
                switch (ref.state()) {
                    case PENDING, SENDING -> false;
                    case DELIVERED -> judge.arrived(id).size() == ref.parts();
                    case DEAD -> judge.wasRefused(id) || ref.attempts() >= plan.policy.attempts();
                    case EXPIRED -> !ref.createdAt().plus(plan.policy.ttl()).isAfter(ref.expiresAt());
                    case DISCARDED -> plan.policy.dropOldest();
                };
        if (!hasReason) {
            judge.object("delivery " + id + " is " + ref.state() + " without a reason, after " + ref.attempts()
                    + " attempts: " + sent.lastError());
        }
        return switch (ref.state()) {
            case DELIVERED -> true;
            default -> false;
        };
    }

    // ---- order

    private void judgeOrder(Set<String> withoutPlace) {
        // A turn that is stored although the disk denies it comes to its lane when that is found out; others may
        // overtake it.
        boolean isOpenBetweenKinds =
                plan.disk.tellsWrong() > 0 && plan.disk.calm().isPositive();
        judge.lanes().forEach((name, lane) -> {
            var before = new HashMap<Boolean, Long>();
            for (Judge.Part part : lane.arrived) {
                StoredDelivery sent = deliveries.get(part.deliveryId());
                if (sent == null || withoutPlace.contains(part.deliveryId()) || isAnswerToStop(sent)) {
                    continue;
                }
                boolean kind = isOpenBetweenKinds && sent.messageId() == null;
                if (sent.ref().seq() < before.getOrDefault(kind, 0L)) {
                    judge.object("in lane " + name + " " + part + " arrived after a younger one");
                }
                before.merge(kind, sent.ref().seq(), Math::max);
            }
        });
    }

    /** It is made beside the turns of its session. */
    private boolean isAnswerToStop(StoredDelivery sent) {
        return turns.getOrDefault(String.valueOf(sent.messageId()), List.of()).stream()
                .anyMatch(line -> Script.isStop(line.content()));
    }
}
