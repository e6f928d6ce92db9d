package dev.patchbay.plugin.discord;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.dv8tion.jda.api.utils.data.DataObject;
import org.jspecify.annotations.Nullable;

/** Knows which channels are threads, and of what; asks Discord about those it has not been told of. Safe for many threads. */
final class Places {
    private static final Set<Integer> THREADS = Set.of(10, 11, 12);

    /** Text, announcements, and the chats of voice and stage channels: what messages are written in directly. */
    private static final Set<Integer> WRITTEN_IN = Set.of(0, 2, 5, 13);

    /** Far more than any bot of one shard sees at once; threads come and go. */
    private static final int REMEMBERED_MAX = 100_000;

    private final Api api;
    private final Map<String, Place> places = new ConcurrentHashMap<>();

    Places(Api api) {
        this.api = api;
    }

    static boolean holdsMessages(DataObject channel) {
        int type = channel.getInt("type", 0);
        return WRITTEN_IN.contains(type) || THREADS.contains(type);
    }

    /** Learns from a channel as Discord describes it. */
    Place learn(DataObject channel, @Nullable String guild) {
        boolean isThread = THREADS.contains(channel.getInt("type", 0));
        var place = new Place(
                channel.getString("id"),
                channel.getString("guild_id", guild),
                isThread ? channel.getString("parent_id", null) : null);
        if (places.size() >= REMEMBERED_MAX) {
            places.clear();
        }
        places.put(place.channel(), place);
        return place;
    }

    void forget(String channel) {
        places.remove(channel);
    }

    /**
     * Where a channel is.
     *
     * @param guild null in a direct chat
     * @throws ApiTrouble if Discord has to be asked and cannot; worth repeating
     */
    Place of(String channel, @Nullable String guild) throws ApiTrouble, InterruptedException {
        if (guild == null) {
            return new Place(channel, null, null);
        }
        Place known = places.get(channel);
        if (known != null) {
            return known;
        }
        ApiAnswer answer = api.get("/channels/" + channel);
        if (answer.status() == 429 || answer.status() >= 500) {
            throw new ApiTrouble(new IllegalStateException(answer.words()), true);
        }
        // A channel that the bot may not look at can still be heard: then it counts as no thread.
        return answer.isOk() && answer.object().isPresent()
                ? learn(answer.object().get(), guild)
                : new Place(channel, guild, null);
    }
}
