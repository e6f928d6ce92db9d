package dev.patchbay.plugin.discord;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import net.dv8tion.jda.api.utils.data.DataArray;
import net.dv8tion.jda.api.utils.data.DataObject;
import org.jspecify.annotations.Nullable;

/** Who the bot is: its id, and the role of its own that it has in each guild. Safe for many threads. */
final class Self {
    private final Map<String, String> roles = new ConcurrentHashMap<>();
    private volatile String id = "";

    /** Empty until the gateway has said it. */
    String id() {
        return id;
    }

    @Nullable
    String role(@Nullable String guild) {
        return guild == null ? null : roles.get(guild);
    }

    void isCalled(String userId) {
        id = userId;
    }

    void learn(String guild, DataArray guildRoles) {
        for (int i = 0; i < guildRoles.length(); i++) {
            learn(guild, guildRoles.getObject(i));
        }
    }

    void learn(String guild, DataObject role) {
        String owner =
                role.optObject("tags").map(tags -> tags.getString("bot_id", "")).orElse("");
        if (!id.isEmpty() && owner.equals(id)) {
            roles.put(guild, role.getString("id"));
        }
    }

    void left(String guild) {
        roles.remove(guild);
    }
}
