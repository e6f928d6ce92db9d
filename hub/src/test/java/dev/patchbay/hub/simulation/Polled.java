package dev.patchbay.hub.simulation;

import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Note;
import dev.patchbay.hub.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What talkers have said on a platform that is polled, in its one order; the hub keeps its place in it together with each message. */
final class Polled {
    private static final String OFFSET = "offset";
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Timeline timeline;
    private final Life world;
    private final Platform platform;
    private final Judge judge;
    private final Chance chance;
    private final List<Update> updates = new ArrayList<>();

    private record Update(Talker talker, Talker.Question question) {}

    Polled(Sender.Means means, Platform platform, Chance chance) {
        this.timeline = means.timeline();
        this.world = means.world();
        this.judge = means.judge();
        this.platform = platform;
        this.chance = chance;
    }

    /** Somebody begins to talk, and does not wait for anything. */
    void begin(Talker talker) {
        if (talker.questions.size() < platform.plan().messagesEach()) {
            timeline.in(chance.upTo(platform.plan().pause().multipliedBy(2)), world, () -> {
                updates.add(new Update(talker, talker.ask(chance)));
                begin(talker);
            });
        }
    }

    /** As the plugin polls: asks, hands in, and asks from the next one on. For a thread of the hub; ends with it. */
    void poll(Serving hub) throws InterruptedException {
        int next = -1;
        while (!Thread.currentThread().isInterrupted()) {
            if (next < 0) {
                next = place(hub);
            } else if (next < updates.size() && !platform.weather.isOut()) {
                next = handIn(hub, next);
            }
            hub.life().sleep(chance.upTo(PAUSE));
        }
    }

    private int place(Serving hub) throws InterruptedException {
        try {
            int place = hub.core()
                    .door()
                    .note(platform.channel, Platform.ACCOUNT, OFFSET)
                    .map(Integer::valueOf)
                    .orElse(0);
            acknowledge(place);
            return place;
        } catch (StoreException later) {
            return -1;
        }
    }

    /** What is before the place that the hub keeps is never asked for again. */
    private void acknowledge(int place) {
        updates.subList(0, place).forEach(each -> each.question().isAcknowledged = true);
    }

    private int handIn(Serving hub, int from) throws InterruptedException {
        int next = from;
        try {
            for (int i = 0; i < 10 && next < updates.size(); i++) {
                Update update = updates.get(next);
                timeline.event(update.question().text + " comes in");
                var note = new Note(OFFSET, String.valueOf(next + 1));
                hub.core().receive(platform, update.talker().message(update.question()), Optional.of(note));
                acknowledge(next + 1);
                timeline.event(update.question().text + " is acknowledged");
                next++;
            }
        } catch (NotAccepted refused) {
            timeline.event("update " + next + " is refused: " + refused.reason());
            if (!refused.retryAfter().isPositive()) {
                judge.object("update " + next + " is refused for good: " + refused.getMessage());
            }
            hub.life().sleep(refused.retryAfter());
        }
        return next;
    }
}
