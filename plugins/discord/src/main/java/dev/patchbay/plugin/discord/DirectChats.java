package dev.patchbay.plugin.discord;

import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import net.dv8tion.jda.api.utils.data.DataObject;
import org.jspecify.annotations.Nullable;

/** The channel of each direct chat, opened when somebody is written to. Safe for many threads. */
final class DirectChats {
    private static final int REMEMBERED_MAX = 10_000;

    private final Api api;

    private final Map<String, String> channels = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    DirectChats(Api api) {
        this.api = api;
    }

    /** What became of opening a chat. */
    sealed interface Chat {}

    /** @param channel where to write */
    record Open(String channel) implements Chat {}

    /** @param why what it means for a message */
    record Closed(DeliveryOutcome why) implements Chat {}

    void remember(String userId, String channel) {
        synchronized (channels) {
            channels.put(userId, channel);
        }
    }

    Chat with(String userId) throws ApiTrouble, InterruptedException {
        String known = known(userId);
        if (known != null) {
            return new Open(known);
        }
        ApiAnswer answer = api.post("/users/@me/channels", DataObject.empty().put("recipient_id", userId));
        if (!answer.isOk()) {
            return new Closed(Outcomes.ofFailure(answer));
        }
        String channel = answer.object().map(json -> json.getString("id", "")).orElse("");
        if (!Snowflake.isId(channel)) {
            return new Closed(new RetryLater("Discord opened a chat without an id", Duration.ZERO));
        }
        remember(userId, channel);
        return new Open(channel);
    }

    private @Nullable String known(String userId) {
        synchronized (channels) {
            return channels.get(userId);
        }
    }
}
