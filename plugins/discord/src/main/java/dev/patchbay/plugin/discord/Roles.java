package dev.patchbay.plugin.discord;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.dv8tion.jda.api.utils.data.DataObject;
import org.jspecify.annotations.Nullable;

/** The roles of people whose messages come out of the history, which does not say them. Safe for many threads. */
final class Roles {
    private static final int REMEMBERED_MAX = 1_000;

    private final Api api;

    private final Map<String, List<String>> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<String>> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    Roles(Api api) {
        this.api = api;
    }

    /** To be asked anew in a new session. */
    void forget() {
        synchronized (known) {
            known.clear();
        }
    }

    /**
     * The roles of whoever wrote a message.
     *
     * @throws ApiTrouble if Discord has to be asked and cannot; worth repeating
     */
    List<String> of(DataObject message, @Nullable String guild) throws ApiTrouble, InterruptedException {
        var sent = MessageReader.roles(message);
        if (guild == null || sent.isPresent()) {
            return sent.orElse(List.of());
        }
        String user = message.getObject("author").getString("id");
        String key = guild + "/" + user;
        List<String> before = remembered(key);
        if (before != null) {
            return before;
        }
        ApiAnswer answer = api.get("/guilds/" + guild + "/members/" + user);
        if (answer.status() == 429 || answer.status() >= 500) {
            throw new ApiTrouble(new IllegalStateException(answer.words()), true);
        }
        // Who has left the guild has no roles any more.
        List<String> roles =
                answer.isOk() ? answer.object().map(MessageReader::rolesOf).orElse(List.of()) : List.of();
        synchronized (known) {
            known.put(key, roles);
        }
        return roles;
    }

    private @Nullable List<String> remembered(String key) {
        synchronized (known) {
            return known.get(key);
        }
    }
}
