package dev.patchbay.plugin.discord;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import net.dv8tion.jda.api.utils.data.DataArray;
import net.dv8tion.jda.api.utils.data.DataObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings in what was said while nobody listened: after a start, and whenever Discord gives a new session instead of resuming the
 * old one. On the lane of the channel, before its live messages.
 */
final class History {
    private static final Logger LOG = LoggerFactory.getLogger(History.class);
    private static final int PAGE = 100;

    /** Channels that are read at once: a bot may have thousands, and Discord allows 50 requests per second in all. */
    private static final int AT_ONCE = 8;

    private final Messages.Inside inside;
    private final Messages messages;
    private final Memory memory;
    private final Semaphore turns = new Semaphore(AT_ONCE, true);

    /** The session in which a channel was last caught up with. */
    private final Map<String, Integer> caughtUp = new ConcurrentHashMap<>();

    History(Messages.Inside inside, Messages messages, Memory memory) {
        this.inside = inside;
        this.messages = messages;
        this.memory = memory;
    }

    /** Live messages of this channel were dropped: they are fetched before the next one. */
    void hasGap(String channel) {
        caughtUp.remove(channel);
    }

    /**
     * A channel as the guild describes it.
     *
     * @param latest the id of its latest message when the guild was described, zero if it had none, null if Discord did not describe
     *     it. To ask for it later would be wrong: what is said in between is told live, and would be taken for read should we be killed
     *     before it is.
     * @param isNew true if it was made since the guild was last seen, so that all of it is news
     */
    record Listed(
            String channel,
            @Nullable String guild,
            @Nullable String latest,
            boolean isNew) {}

    /** Reads what is missing; a channel never heard of before starts with its next message. */
    void catchUp(Listed listed, int session) throws InterruptedException {
        String channel = listed.channel();
        if (isCaughtUp(channel, session)) {
            return;
        }
        Optional<String> readUpTo = memory.readUpTo(channel);
        if (readUpTo.isPresent()) {
            if (listed.latest() == null || Snowflake.isLater(listed.latest(), readUpTo.get())) {
                readAfter(readUpTo.get(), channel, listed.guild());
            }
        } else if (listed.isNew()) {
            readAfter(Snowflake.ZERO, channel, listed.guild());
        } else if (listed.latest() != null) {
            memory.keepReadUpTo(channel, listed.latest());
        }
        caughtUp.put(channel, session);
    }

    /** Before a live message: does nothing if the channel was caught up with in this session. */
    void catchUp(String channel, @Nullable String guild, int session) throws InterruptedException {
        if (isCaughtUp(channel, session)) {
            return;
        }
        Optional<String> readUpTo = memory.readUpTo(channel);
        if (readUpTo.isPresent()) {
            readAfter(readUpTo.get(), channel, guild);
        } else if (guild == null) {
            // Whoever writes for the first time may have done so while nobody listened: Discord tells of the chat only
            // now.
            readAfter(memory.beginning(), channel, null);
        }
        caughtUp.put(channel, session);
    }

    private boolean isCaughtUp(String channel, int session) {
        Integer last = caughtUp.get(channel);
        return last != null && last >= session;
    }

    private void readAfter(String after, String channel, @Nullable String guild) throws InterruptedException {
        String last = after;
        int count = 0;
        int missed = 0;
        while (true) {
            List<DataObject> page = page(channel, "?limit=" + PAGE + "&after=" + last);
            for (DataObject message : page) {
                String id = message.getString("id");
                if (isTaken(message, guild, id)) {
                    missed++;
                }
                last = Snowflake.later(id, last);
                count++;
            }
            if (page.size() < PAGE) {
                break;
            }
            if (count >= inside.settings().historyMax()) {
                LOG.warn("Channel {} has more than {} missed messages; the later ones are left out", channel, count);
                last = latest(channel).orElse(last);
                break;
            }
        }
        if (missed > 0) {
            LOG.info("Channel {}: {} messages were missed and read from the history", channel, missed);
        }
        if (count > 0) {
            memory.keepReadUpTo(channel, last);
        }
    }

    /** One message that cannot be read must not keep all later ones of its channel from coming in. */
    private boolean isTaken(DataObject message, @Nullable String guild, String id) throws InterruptedException {
        try {
            return messages.take(message, guild, false);
        } catch (RuntimeException | StackOverflowError fault) {
            LOG.error("Message {} cannot be read and was left out", id, fault);
            return false;
        }
    }

    private Optional<String> latest(String channel) throws InterruptedException {
        List<DataObject> page = page(channel, "?limit=1");
        return page.isEmpty() ? Optional.empty() : Optional.of(page.getLast().getString("id"));
    }

    /** Oldest first; none if the bot may not read there. Waits until Discord answers. */
    private List<DataObject> page(String channel, String query) throws InterruptedException {
        return Patience.with(inside.health(), channel, () -> {
            turns.acquire();
            try {
                ApiAnswer answer = inside.api().get("/channels/" + channel + "/messages" + query);
                if (answer.status() == 429) {
                    Thread.sleep(answer.retryAfter().plus(Duration.ofMillis(1)));
                }
                Optional<DataArray> array = answer.isOk() ? answer.array() : Optional.empty();
                if (array.isPresent()) {
                    return sorted(array.get());
                }
                if (answer.status() >= 400 && answer.status() < 500 && answer.status() != 429 && answer.isDiscords()) {
                    LOG.debug("The history of channel {} cannot be read: {}", channel, answer.words());
                    return List.of();
                }
                throw new ApiTrouble(new IllegalStateException(answer.words()), true);
            } finally {
                turns.release();
            }
        });
    }

    private static List<DataObject> sorted(DataArray array) {
        List<DataObject> messages = MessageReader.objects(array);
        messages.removeIf(each -> !each.hasKey("id"));
        messages.sort(Comparator.comparing(message -> message.getString("id"), Snowflake.ORDER));
        return messages;
    }
}
