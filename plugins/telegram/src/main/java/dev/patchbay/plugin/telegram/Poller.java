package dev.patchbay.plugin.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelHost.Condition;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Note;
import dev.patchbay.plugin.telegram.Incoming.Nothing;
import dev.patchbay.plugin.telegram.Incoming.Reacted;
import dev.patchbay.plugin.telegram.Incoming.Said;
import dev.patchbay.plugin.telegram.Updates.Update;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.telegram.telegrambots.meta.api.methods.updates.DeleteWebhook;
import org.telegram.telegrambots.meta.api.methods.updates.GetUpdates;

/**
 * Asks for updates. The offset is the server's acknowledgement, so it is kept in the same transaction as the message: what was
 * not stored is handed out again. For one thread.
 */
final class Poller implements Link.Way {
    private static final Logger log = LoggerFactory.getLogger(Poller.class);
    private static final String OFFSET = "offset";
    private static final int BATCH_MAX = 100;
    private static final Duration CALL_MAX = Duration.ofSeconds(10);

    /** What the server is asked for less than the setting says, so that silence is noticed before that time is over. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    /** What an answer may take longer than the server was allowed to hold it. */
    private static final Duration GRACE = Duration.ofSeconds(4);

    private static final Duration HOLD_MIN = Duration.ofSeconds(1);

    /** The messages of an album come one by one; so long after the first one they are taken to be complete. */
    private static final Duration ALBUM = Duration.ofSeconds(1);

    private static final Duration STANDSTILL = Duration.ofSeconds(1);
    private static final Duration REFUSED_MIN = Duration.ofMillis(100);

    /** A hub that takes nothing in for so long is news. */
    private static final Duration REFUSED_QUIETLY = Duration.ofSeconds(10);

    /** So often an update is tried that makes us stumble. */
    private static final int STUMBLES_MAX = 3;

    private final BotApi api;
    private final ChannelHost host;
    private final Intake intake;
    private final Duration hold;
    private final Pause pause;
    private final Map<String, Long> albumsSince = new HashMap<>();
    private Set<Long> done = Set.of();
    private long offset = -1;
    private long kept = -1;
    private long stumbledOver = -1;
    private int stumbles;

    Poller(BotApi api, ChannelHost host, Intake intake, Duration pollTimeout, Pause pause) {
        this.api = api;
        this.host = host;
        this.intake = intake;
        Duration asked = pollTimeout.minus(MARGIN);
        this.hold = asked.compareTo(HOLD_MIN) < 0 ? HOLD_MIN : asked;
        this.pause = pause;
    }

    /** While a webhook is set, the server refuses to be polled. Updates that wait stay. */
    @Override
    public void prepare() throws ApiTrouble, InterruptedException {
        try {
            api.call(DeleteWebhook.builder().dropPendingUpdates(false).build(), CALL_MAX);
        } catch (ApiTrouble trouble) {
            if (!trouble.isOfThisCallAlone()) {
                throw trouble;
            }
            // A server that knows no webhooks has none; if there is one, the first poll says so.
            log.warn("The server does not take the webhook away: {}", trouble.getMessage());
        }
    }

    @Override
    public void round(BotName bot, boolean isFirst, Runnable works)
            throws ApiTrouble, NotAccepted, InterruptedException {
        if (offset < 0) {
            offset = host.note(OFFSET).map(Poller::number).orElse(0L);
            kept = offset;
        }
        long begin = System.nanoTime();
        // The first time nothing is waited for: it shows at once whether the server lets us poll.
        boolean waits = !isFirst && albumsSince.isEmpty();
        JsonNode answer = api.call(
                GetUpdates.builder()
                        .offset((int) Math.min(offset, Integer.MAX_VALUE))
                        .limit(BATCH_MAX)
                        .timeout(waits ? (int) hold.toSeconds() : 0)
                        .allowedUpdates(UpdateReader.KINDS)
                        .build(),
                waits ? hold.plus(GRACE) : CALL_MAX);
        if (!answer.isArray()) {
            throw ApiTrouble.cut("the answer is no list of updates");
        }
        works.run();
        var updates = new Updates(answer, bot, done, offset);
        long before = offset;
        // Where it goes on if something fails before the end: what is done beyond is recognised by its id.
        done = Set.of();
        try {
            take(updates, begin);
            keep(updates.offset());
            done = updates.doneBeyond(kept);
        } finally {
            offset = kept;
        }
        if (!albumsSince.isEmpty()) {
            pause.of(ALBUM);
        } else if (!answer.isEmpty() && offset <= before) {
            // A server that hands out the same again and again is not asked as fast as it answers.
            pause.of(STANDSTILL);
        }
    }

    private void take(Updates updates, long begin) throws NotAccepted, InterruptedException {
        var seen = new ArrayList<String>();
        for (Update update : updates.open()) {
            switch (update.what()) {
                case Nothing nothing -> {
                    intake.leave(nothing);
                    updates.done(update);
                }
                case Reacted(var reactions) -> {
                    reactions.forEach(host::reacted);
                    updates.done(update);
                }
                case Said said
                when said.album() == null -> {
                    takeOrLeave(said, update.id(), updates.offsetWith(update));
                    updates.done(update);
                }
                case Said said -> {
                    String album = String.valueOf(said.album());
                    seen.add(album);
                    long since = albumsSince.computeIfAbsent(album, _ -> System.nanoTime());
                    boolean isComplete = begin - since >= ALBUM.toNanos();
                    if (isComplete && updates.isLastOf(album, update)) {
                        List<Said> parts = updates.album(album);
                        updates.albumDone(album);
                        takeOrLeave(Intake.joined(parts), update.id(), updates.offsetWith(update));
                        albumsSince.remove(album);
                    }
                }
            }
        }
        // One that the server no longer hands out would be waited for in vain.
        albumsSince.keySet().retainAll(seen);
    }

    /** One update that makes us stumble again and again must not keep all later ones from coming in. */
    private void takeOrLeave(Said said, long updateId, long next) throws NotAccepted, InterruptedException {
        try {
            take(said, updateId, next);
        } catch (RuntimeException | StackOverflowError fault) {
            stumbles = stumbledOver == updateId ? stumbles + 1 : 1;
            stumbledOver = updateId;
            if (stumbles < STUMBLES_MAX) {
                throw fault;
            }
            log.error("Update {} failed {} times and was left out", updateId, stumbles, fault);
        }
    }

    /** Tries until it is stored: going on without it would lose it. */
    private void take(Said said, long updateId, long next) throws NotAccepted, InterruptedException {
        long begin = System.nanoTime();
        boolean isTold = false;
        while (true) {
            try {
                intake.take(said, new Note(OFFSET, Long.toString(next)));
                kept = next;
                if (isTold) {
                    host.report(Condition.RUNNING, "");
                }
                return;
            } catch (NotAccepted refused) {
                switch (refused.reason()) {
                    case INVALID, TOO_LARGE -> {
                        log.warn("Update {} was left out: {}", updateId, refused.getMessage());
                        return;
                    }
                    default -> {
                        if (!isTold && System.nanoTime() - begin > REFUSED_QUIETLY.toNanos()) {
                            isTold = true;
                            host.report(Condition.DEGRADED, "the hub takes nothing in: " + refused.getMessage());
                        }
                        Duration asked = refused.retryAfter();
                        if (!pause.of(asked.compareTo(REFUSED_MIN) < 0 ? REFUSED_MIN : asked)) {
                            throw refused;
                        }
                    }
                }
            }
        }
    }

    private void keep(long next) throws NotAccepted, InterruptedException {
        if (kept != next) {
            host.keep(new Note(OFFSET, Long.toString(next)));
            kept = next;
        }
    }

    private static long number(String text) {
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException notOurs) {
            return 0;
        }
    }
}
