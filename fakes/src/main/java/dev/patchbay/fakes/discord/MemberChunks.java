package dev.patchbay.fakes.discord;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers a bot that asks for a guild's members (operation 8). Under the world's lock. */
final class MemberChunks {
    private static final int CHUNK = 1_000;

    private final World world;

    MemberChunks(World world) {
        this.world = world;
    }

    void send(GatewaySession session, JsonNode data) {
        Guild guild = world.guilds.get(data.path("guild_id").asText());
        if (guild == null || !guild.members.containsKey(session.bot.id())) {
            return;
        }
        List<String> ids = new ArrayList<>();
        data.path("user_ids").forEach(each -> ids.add(each.asText()));
        if (data.path("user_ids").isTextual()) {
            ids.add(data.path("user_ids").asText());
        }
        int limit = data.path("limit").asInt(0);
        String query = data.path("query").asText("");
        List<Guild.Member> found = guild.members.values().stream()
                .filter(member -> ids.isEmpty()
                        ? member.user().name().startsWith(query)
                        : ids.contains(member.user().id()))
                .limit(limit == 0 ? Long.MAX_VALUE : limit)
                .toList();
        int chunks = Math.max(1, (found.size() + CHUNK - 1) / CHUNK);
        for (int index = 0; index < chunks; index++) {
            ObjectNode chunk = Json.object()
                    .put("guild_id", guild.id())
                    .put("chunk_index", index)
                    .put("chunk_count", chunks);
            ArrayNode members = chunk.putArray("members");
            found.stream()
                    .skip((long) index * CHUNK)
                    .limit(CHUNK)
                    .forEach(each -> members.add(Shapes.member(each, true)));
            ArrayNode unknown = chunk.putArray("not_found");
            ids.stream().filter(id -> !guild.members.containsKey(id)).forEach(unknown::add);
            Optional.ofNullable(data.get("nonce")).ifPresent(nonce -> chunk.set("nonce", nonce));
            session.dispatch("GUILD_MEMBERS_CHUNK", chunk);
        }
    }
}
