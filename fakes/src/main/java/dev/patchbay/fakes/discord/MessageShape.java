package dev.patchbay.fakes.discord;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a message looks to one bot. Under the world's lock. */
final class MessageShape {
    private static final Pattern USER = Pattern.compile("<@!?([0-9]{1,20})>");
    private static final Pattern ROLE = Pattern.compile("<@&([0-9]{1,20})>");

    private final World world;
    private final Bot viewer;
    private final boolean mayRead;

    /** @param mayRead whether the viewer sees texts that are not meant for it */
    MessageShape(World world, Bot viewer, boolean mayRead) {
        this.world = world;
        this.viewer = viewer;
        this.mayRead = mayRead;
    }

    /** As the one who sent it gets it back: with the nonce, which history does not tell. */
    ObjectNode created(Channel channel, Message message) {
        ObjectNode shape = of(channel, message);
        message.nonce().ifPresent(nonce -> shape.put("nonce", nonce));
        return shape;
    }

    /** As an event tells it: with the guild, the member who speaks, and the nonce. */
    ObjectNode told(Channel channel, Message message) {
        ObjectNode shape = created(channel, message);
        channel.guild().ifPresent(guild -> {
            shape.put("guild_id", guild.id());
            Guild.Member member = guild.member(message.author());
            if (member != null) {
                shape.set("member", Shapes.member(member, false));
            }
        });
        return shape;
    }

    ObjectNode of(Channel channel, Message message) {
        ObjectNode shape = plain(channel, message);
        message.replyTo().ifPresent(id -> {
            ObjectNode reference = shape.putObject("message_reference")
                    .put("type", 0)
                    .put("message_id", id)
                    .put("channel_id", channel.id());
            channel.guild().ifPresent(guild -> reference.put("guild_id", guild.id()));
            Message replied = channel.messages.get(Long.valueOf(id));
            // Null says that it is deleted; only one step back is told.
            shape.set("referenced_message", replied == null ? null : plain(channel, replied));
        });
        return shape;
    }

    private ObjectNode plain(Channel channel, Message message) {
        Said said = message.said();
        ObjectNode shape = Json.object()
                .put("id", message.id())
                .put("type", type(message))
                .put("channel_id", channel.id())
                .put("timestamp", Shapes.time(message.arrivedAt()))
                .put("tts", false)
                .put("mention_everyone", false)
                .put("pinned", false)
                .put("flags", said.flags());
        shape.put(
                "edited_timestamp",
                message.edits() == 0
                        ? null
                        : Shapes.time(message.versions().getLast().at()));
        shape.set("author", Shapes.user(message.author()));
        ArrayNode mentions = shape.putArray("mentions");
        Set<User> mentioned = mentioned(channel, message);
        mentioned.forEach(user -> mentions.add(mention(channel, user)));
        ArrayNode roles = shape.putArray("mention_roles");
        for (Matcher role = ROLE.matcher(said.content()); role.find(); ) {
            roles.add(role.group(1));
        }
        boolean isRead = mayRead
                || channel.kind() == Channel.Kind.DIRECT
                || message.author() == viewer.user()
                || mentioned.contains(viewer.user());
        shape.put("content", isRead ? said.content() : "");
        shape.set("embeds", isRead ? said.embeds().deepCopy() : Json.array());
        shape.set("components", isRead ? said.components().deepCopy() : Json.array());
        ArrayNode attachments = shape.putArray("attachments");
        if (isRead) {
            message.attachments().forEach(each -> attachments.add(attachment(each)));
        }
        reactions(shape, message);
        message.interaction().flatMap(world.interactions()::byId).ifPresent(from -> interaction(shape, from));
        return shape;
    }

    private static int type(Message message) {
        boolean isCommand =
                message.interaction().isPresent() && message.replyTo().isEmpty();
        return message.replyTo().isPresent() ? 19 : isCommand ? 20 : 0;
    }

    private Set<User> mentioned(Channel channel, Message message) {
        Set<User> all = new LinkedHashSet<>();
        for (Matcher user = USER.matcher(message.content()); user.find(); ) {
            Optional.ofNullable(world.users.get(user.group(1))).ifPresent(all::add);
        }
        if (message.said().pingsReplied()) {
            message.replyTo()
                    .map(id -> channel.messages.get(Long.valueOf(id)))
                    .map(Message::author)
                    .filter(author -> author != message.author())
                    .ifPresent(all::add);
        }
        return all;
    }

    private static ObjectNode mention(Channel channel, User user) {
        ObjectNode shape = Shapes.user(user);
        channel.guild()
                .map(guild -> guild.member(user))
                .ifPresent(member -> shape.set("member", Shapes.member(member, false)));
        return shape;
    }

    static ObjectNode attachment(Attachment attachment) {
        return Json.object()
                .put("id", attachment.id())
                .put("filename", attachment.name())
                .put("size", attachment.content().length())
                .put("content_type", attachment.contentType())
                .put("url", attachment.url())
                .put("proxy_url", attachment.url());
    }

    private void reactions(ObjectNode shape, Message message) {
        if (message.reactions().isEmpty()) {
            return;
        }
        ArrayNode all = shape.putArray("reactions");
        message.reactions().forEach((emoji, who) -> {
            ObjectNode each = all.addObject()
                    .put("count", who.size())
                    .put("me", who.contains(viewer.id()))
                    .put("me_burst", false);
            each.putObject("count_details").put("normal", who.size()).put("burst", 0);
            each.set("emoji", emoji(emoji));
        });
    }

    static ObjectNode emoji(String emoji) {
        int colon = emoji.indexOf(':');
        return colon < 0
                ? Json.object().putNull("id").put("name", emoji)
                : Json.object().put("id", emoji.substring(colon + 1)).put("name", emoji.substring(0, colon));
    }

    private static void interaction(ObjectNode shape, Interaction from) {
        shape.put("application_id", from.bot().id())
                .put("webhook_id", from.bot().id());
        ObjectNode origin =
                shape.putObject("interaction_metadata").put("id", from.id()).put("type", from.type());
        origin.set("user", Shapes.user(from.user()));
        origin.putObject("authorizing_integration_owners").put("0", from.ownerId());
    }
}
