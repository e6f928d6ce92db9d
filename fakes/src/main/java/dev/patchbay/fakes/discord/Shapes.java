package dev.patchbay.fakes.discord;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** How things look in JSON, in requests' answers and in events alike; {@link MessageShape} has the messages. */
final class Shapes {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx");

    private Shapes() {}

    static String time(Instant at) {
        return TIME.format(at.atOffset(ZoneOffset.UTC));
    }

    static String encoded(String pathPart) {
        return URLEncoder.encode(pathPart, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static ObjectNode user(User user) {
        ObjectNode shape = Json.object()
                .put("id", user.id())
                .put("username", user.name())
                .put("discriminator", "0")
                .put("global_name", user.isBot() ? null : user.name())
                .putNull("avatar")
                .put("public_flags", 0);
        return user.isBot() ? shape.put("bot", true) : shape;
    }

    static ObjectNode self(Bot bot) {
        return user(bot.user())
                .put("verified", true)
                .put("mfa_enabled", false)
                .put("locale", "en-US")
                .put("flags", 0)
                .putNull("email");
    }

    static ObjectNode application(Bot bot) {
        ObjectNode shape = Json.object()
                .put("id", bot.id())
                .put("name", bot.user().name())
                .putNull("icon")
                .put("description", "")
                .put("bot_public", true)
                .put("bot_require_code_grant", false)
                .put("verify_key", "0".repeat(64))
                .put("flags", applicationFlags(bot))
                .putNull("team");
        shape.putArray("tags");
        shape.putArray("redirect_uris");
        shape.set("bot", user(bot.user()));
        shape.set("owner", user(bot.user()));
        return shape;
    }

    /** The privileged intents switched on, in the form that applications of few guilds have. */
    static int applicationFlags(Bot bot) {
        long on = bot.intentsAllowed();
        return ((on & Intents.GUILD_PRESENCES) != 0 ? 1 << 13 : 0)
                | ((on & Intents.GUILD_MEMBERS) != 0 ? 1 << 15 : 0)
                | ((on & Intents.MESSAGE_CONTENT) != 0 ? 1 << 19 : 0);
    }

    static ObjectNode member(Guild.Member member, boolean withUser) {
        ObjectNode shape = Json.object()
                .putNull("nick")
                .putNull("avatar")
                .put("joined_at", time(member.joinedAt()))
                .putNull("premium_since")
                .putNull("communication_disabled_until")
                .put("deaf", false)
                .put("mute", false)
                .put("pending", false)
                .put("flags", 0);
        ArrayNode roles = shape.putArray("roles");
        member.roles().forEach(roles::add);
        if (withUser) {
            shape.set("user", user(member.user()));
        }
        return shape;
    }

    static ObjectNode role(Guild guild, Guild.Role role) {
        ObjectNode shape = Json.object()
                .put("id", role.id())
                .put("name", role.name())
                .put("color", 0)
                .put("hoist", false)
                .putNull("icon")
                .putNull("unicode_emoji")
                .put("position", List.copyOf(guild.roles.keySet()).indexOf(role.id()))
                .put("permissions", Long.toString(Guild.PERMISSIONS))
                .put("managed", false)
                .put("mentionable", true)
                .put("flags", 0);
        if (guild.hasRoleColors()) {
            shape.putObject("colors")
                    .put("primary_color", 0)
                    .putNull("secondary_color")
                    .putNull("tertiary_color");
        }
        return shape;
    }

    static ObjectNode channel(Channel channel) {
        ObjectNode shape = Json.object()
                .put("id", channel.id())
                .put("type", channel.kind().type)
                .put("flags", 0);
        if (channel.messages.isEmpty()) {
            shape.putNull("last_message_id");
        } else {
            shape.put("last_message_id", channel.messages.lastKey().toString());
        }
        switch (channel.home()) {
            case Channel.Home.Between(var _, User person) ->
                shape.putArray("recipients").add(user(person));
            case Channel.Home.InGuild(Guild guild) -> inGuild(shape, channel, guild);
            case Channel.Home.Under(Channel parent, User owner) -> thread(shape, channel, parent, owner);
        }
        return shape;
    }

    private static void inGuild(ObjectNode shape, Channel channel, Guild guild) {
        shape.put("guild_id", guild.id())
                .put("name", channel.name())
                .put("position", 0)
                .put("nsfw", false)
                .put("rate_limit_per_user", 0)
                .putNull("parent_id")
                .putNull("topic");
        shape.putArray("permission_overwrites");
        if (channel.kind() == Channel.Kind.FORUM) {
            shape.putArray("available_tags");
            shape.putNull("default_reaction_emoji")
                    .putNull("default_sort_order")
                    .put("default_forum_layout", 0);
        }
    }

    private static void thread(ObjectNode shape, Channel channel, Channel parent, User owner) {
        String start = time(
                channel.messages.isEmpty()
                        ? Instant.EPOCH
                        : channel.messages.firstEntry().getValue().arrivedAt());
        shape.put("guild_id", parent.guild().map(Guild::id).orElse(null))
                .put("name", channel.name())
                .put("parent_id", parent.id())
                .put("owner_id", owner.id())
                .put("message_count", channel.messages.size())
                .put("total_message_sent", channel.messages.size())
                .put("member_count", 1)
                .put("rate_limit_per_user", 0);
        shape.putArray("applied_tags");
        shape.putObject("thread_metadata")
                .put("archived", false)
                .put("auto_archive_duration", 1440)
                .put("archive_timestamp", start)
                .put("create_timestamp", start)
                .put("locked", false);
    }

    static ObjectNode guild(Guild guild, List<Channel> inside, List<Guild.Member> named, GatewaySession session) {
        String owner = guild.members.keySet().stream().findFirst().orElse(guild.id());
        ObjectNode shape = Json.object()
                .put("id", guild.id())
                .put("name", guild.name())
                .putNull("icon")
                .putNull("description")
                .put("owner_id", owner)
                .put("preferred_locale", "en-US")
                .put("unavailable", false)
                .put("member_count", guild.members.size())
                .put("large", guild.members.size() > session.largeThreshold)
                .put("joined_at", time(Instant.EPOCH))
                .put("verification_level", 0)
                .put("default_message_notifications", 0)
                .put("explicit_content_filter", 0)
                .put("mfa_level", 0)
                .put("nsfw_level", 0)
                .put("premium_tier", 0)
                .put("premium_progress_bar_enabled", false)
                .put("system_channel_flags", 0)
                .put("afk_timeout", 300)
                .put("max_members", 500_000);
        ArrayNode roles = shape.putArray("roles");
        guild.roles.values().forEach(role -> roles.add(role(guild, role)));
        ArrayNode members = shape.putArray("members");
        named.forEach(member -> members.add(member(member, true)));
        ArrayNode channels = shape.putArray("channels");
        ArrayNode threads = shape.putArray("threads");
        inside.forEach(each -> (each.kind() == Channel.Kind.THREAD ? threads : channels).add(channel(each)));
        for (String none : List.of(
                "emojis",
                "stickers",
                "features",
                "voice_states",
                "presences",
                "stage_instances",
                "guild_scheduled_events",
                "soundboard_sounds")) {
            shape.putArray(none);
        }
        return shape;
    }
}
