package dev.patchbay.hub.simulation;

import dev.patchbay.api.Answer;
import dev.patchbay.api.NotAccepted;
import java.time.Duration;
import java.util.Optional;

/**
 * A talker on a platform that calls the hub: repeats each message until it hears that it was taken, and only then sends the next one.
 * Now and then it repeats what was taken already.
 */
final class Sender {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofSeconds(2);

    private final Timeline timeline;
    private final Life world;
    private final Platform platform;
    private final Talker talker;
    private final Serving.Finder hub;
    private final Judge judge;
    private final Chance chance;
    private final boolean waitsForAnswers;
    private int attempts;
    private int heard = -1;

    /** What all senders share. */
    record Means(Timeline timeline, Life world, Serving.Finder hub, Judge judge) {}

    Sender(Means means, Platform platform, Talker talker, Chance chance, boolean waitsForAnswers) {
        this.timeline = means.timeline();
        this.world = means.world();
        this.hub = means.hub();
        this.judge = means.judge();
        this.platform = platform;
        this.talker = talker;
        this.chance = chance;
        this.waitsForAnswers = waitsForAnswers;
    }

    /** Begins to talk. */
    void begin() {
        if (talker.questions.size() < platform.plan().messagesEach()) {
            timeline.in(chance.upTo(platform.plan().pause().multipliedBy(2)), world, () -> {
                Talker.Question question = talker.ask(chance);
                attempt(question);
            });
        }
    }

    private void attempt(Talker.Question question) {
        if (heard >= question.index) {
            return;
        }
        attempts++;
        int attempt = attempts;
        if (!handOver(question)) {
            timeline.in(chance.upTo(SHORT), world, () -> attempt(question));
            return;
        }
        timeline.in(TIMEOUT, world, () -> {
            if (attempt == attempts) {
                attempt(question);
            }
        });
    }

    private boolean handOver(Talker.Question question) {
        Serving serving = hub.find();
        if (serving == null) {
            return false;
        }
        boolean waits = waitsForAnswers && chance.happens(0.5);
        serving.life().execute(() -> {
            try {
                timeline.event(question.text + " comes in");
                if (waits) {
                    receiveAndWait(serving, question);
                } else {
                    serving.core().receive(platform, talker.message(question), Optional.empty());
                }
                question.isAcknowledged = true;
                timeline.event(question.text + " is acknowledged");
                if (!chance.happens(platform.plan().lostAnswers())) {
                    timeline.in(chance.upTo(Duration.ofMillis(50)), world, () -> hear(question));
                }
            } catch (NotAccepted refused) {
                refused(question, refused);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
        return true;
    }

    private void receiveAndWait(Serving serving, Talker.Question question) throws NotAccepted, InterruptedException {
        question.waits++;
        try {
            Answer answer = serving.core()
                    .door()
                    .receiveAndWait(platform.channel, Platform.ACCOUNT, talker.message(question), chance.upTo(TIMEOUT));
            question.isHandedBack |= answer.status() != Answer.Status.PENDING;
        } finally {
            question.waits--;
        }
    }

    private void refused(Talker.Question question, NotAccepted why) {
        timeline.event(question.text + " is refused: " + why.reason());
        if (!why.retryAfter().isPositive()) {
            judge.object(question.text + " is refused for good: " + why.getMessage());
        }
        int attempt = attempts;
        timeline.in(why.retryAfter(), world, () -> {
            if (attempt == attempts) {
                attempt(question);
            }
        });
    }

    private void hear(Talker.Question question) {
        if (heard >= question.index) {
            return;
        }
        heard = question.index;
        if (chance.happens(platform.plan().repeats())) {
            // Late enough to come after younger ones.
            timeline.in(chance.upTo(Duration.ofMinutes(1)), world, () -> handOver(question));
        }
        begin();
    }
}
