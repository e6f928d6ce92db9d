package dev.patchbay.fakes.discord;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Buttons pressed and commands used, on their way to the bots. Under the world's lock. */
final class Interactions {
    private static final int KEPT_MAX = 10_000;

    private final World world;
    private final Map<String, Interaction> all = new LinkedHashMap<>();

    Interactions(World world) {
        this.world = world;
    }

    Optional<Interaction> byId(String id) {
        return Optional.ofNullable(all.get(id));
    }

    Optional<Interaction> byToken(String token) {
        return all.values().stream().filter(each -> each.token().equals(token)).findFirst();
    }

    Interaction press(Message message, User user, String customId) {
        Message now = world.speech().current(message);
        JsonNode button = button(now.said().components(), customId)
                .orElseThrow(() -> new IllegalStateException("no button \"" + customId + "\" on message " + now.id()));
        if (button.path("disabled").asBoolean()) {
            throw new IllegalStateException("the button \"" + customId + "\" is disabled");
        }
        Bot bot = world.botById(now.author().id())
                .orElseThrow(() -> new IllegalStateException("message " + now.id() + " is no bot's"));
        ObjectNode data = Json.object()
                .put("custom_id", customId)
                .put("component_type", 2)
                .put("id", button.path("id").asInt());
        Channel channel = world.channel(now.channelId());
        return send(new Interaction(world, bot, user, channel, Interaction.COMPONENT, data, Optional.of(now)));
    }

    private static Optional<JsonNode> button(JsonNode components, String customId) {
        for (JsonNode each : components) {
            if (each.path("custom_id").asText("").equals(customId)) {
                return Optional.of(each);
            }
            Optional<JsonNode> below = button(each.path("components"), customId);
            if (below.isPresent()) {
                return below;
            }
        }
        return Optional.empty();
    }

    Interaction use(Channel channel, Bot bot, User user, String name, Map<String, Object> options) {
        ObjectNode command = world.commands()
                .offered(bot, channel.guild(), name)
                .orElseThrow(() -> new IllegalStateException(bot + " offers no /" + name + " in " + channel));
        ObjectNode data = Json.object()
                .put("id", command.path("id").asText())
                .put("name", name)
                .put("type", 1);
        ArrayNode given = data.putArray("options");
        options.forEach((key, value) -> {
            JsonNode option = option(command, key);
            ObjectNode one = given.addObject()
                    .put("name", key)
                    .put("type", option.path("type").asInt());
            switch (value) {
                case Boolean flag -> one.put("value", flag);
                case Integer number -> one.put("value", number);
                case Double number -> one.put("value", number);
                default -> one.put("value", value.toString());
            }
        });
        return send(new Interaction(world, bot, user, channel, Interaction.COMMAND, data, Optional.empty()));
    }

    private static JsonNode option(JsonNode command, String name) {
        for (JsonNode each : command.path("options")) {
            if (each.path("name").asText().equals(name)) {
                return each;
            }
        }
        throw new IllegalStateException("/" + command.path("name").asText() + " has no option " + name);
    }

    private Interaction send(Interaction interaction) {
        all.put(interaction.id(), interaction);
        if (all.size() > KEPT_MAX) {
            all.remove(all.keySet().iterator().next());
        }
        // Needs no intent, and comes to the one bot it is for.
        world.tell(new Event(
                "INTERACTION_CREATE",
                0,
                new Event.Where.To(interaction.bot()),
                session -> shape(interaction, session)));
        return interaction;
    }

    private ObjectNode shape(Interaction interaction, GatewaySession session) {
        Channel channel = interaction.channel();
        ObjectNode shape = Json.object()
                .put("id", interaction.id())
                .put("application_id", interaction.bot().id())
                .put("type", interaction.type())
                .put("token", interaction.token())
                .put("version", 1)
                .put("channel_id", channel.id())
                .put("locale", "en-US")
                .put("app_permissions", Long.toString(Guild.PERMISSIONS))
                .put("context", channel.guild().isPresent() ? 0 : 1)
                .put("attachment_size_limit", MessageForm.FILE_BYTES_MAX);
        shape.putArray("entitlements");
        shape.putObject("authorizing_integration_owners").put("0", interaction.ownerId());
        shape.set("channel", Shapes.channel(channel).put("permissions", Long.toString(Guild.PERMISSIONS)));
        shape.set("data", interaction.data());
        Optional<Guild> guild = channel.guild();
        Guild.Member member = guild.map(in -> in.member(interaction.user())).orElse(null);
        if (guild.isPresent() && member != null) {
            shape.put("guild_id", guild.get().id()).put("guild_locale", "en-US");
            shape.putObject("guild")
                    .put("id", guild.get().id())
                    .put("locale", "en-US")
                    .putArray("features");
            shape.set("member", Shapes.member(member, true).put("permissions", Long.toString(Guild.PERMISSIONS)));
        } else {
            shape.set("user", Shapes.user(interaction.user()));
        }
        interaction
                .pressed()
                .ifPresent(message ->
                        shape.set("message", new MessageShape(world, session.bot, true).of(channel, message)));
        return shape;
    }
}
