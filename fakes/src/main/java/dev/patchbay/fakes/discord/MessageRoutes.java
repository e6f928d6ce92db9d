package dev.patchbay.fakes.discord;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.fakes.discord.Route.Asked;
import dev.patchbay.fakes.discord.Route.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;

/** What bots do with channels and messages. Under the world's lock. */
final class MessageRoutes {
    private static final int PAGE_MAX = 100;

    private final World world;

    MessageRoutes(World world) {
        this.world = world;
    }

    List<Route> routes() {
        var send = RateLimits.Kind.SEND;
        var other = RateLimits.Kind.OTHER;
        String messages = "/channels/{channel}/messages";
        String reaction = messages + "/{message}/reactions/{emoji}";
        return List.of(
                new Route("GET", "/channels/{channel}", other, asked -> Reply.ok(Shapes.channel(visible(asked)))),
                new Route("GET", messages, other, this::history),
                new Route("GET", messages + "/{message}", other, this::one),
                new Route("POST", messages, send, this::send),
                new Route("PATCH", messages + "/{message}", send, this::edit),
                new Route("DELETE", messages + "/{message}", send, this::delete),
                new Route("PUT", reaction + "/@me", send, asked -> react(asked, true)),
                new Route("DELETE", reaction + "/@me", send, asked -> react(asked, false)),
                new Route("POST", "/channels/{channel}/typing", send, this::type),
                new Route("POST", "/users/@me/channels", other, this::openDirect));
    }

    private Channel visible(Asked asked) {
        Channel channel = world.channel(asked.id("channel"));
        if (!channel.isSeenBy(asked.bot())) {
            throw new ApiError(403, 50001, "Missing Access");
        }
        return channel;
    }

    private Channel writable(Asked asked) {
        Channel channel = visible(asked);
        if (channel.isForbidden()) {
            throw ApiError.missingPermissions();
        }
        if (channel.kind() == Channel.Kind.FORUM) {
            throw new ApiError(400, 50008, "Cannot send messages in a non-text channel");
        }
        if (channel.home() instanceof Channel.Home.Between(var _, User person) && person.refusesDms()) {
            throw new ApiError(403, 50007, "Cannot send messages to this user");
        }
        return channel;
    }

    private static Message message(Channel channel, Asked asked) {
        return Optional.ofNullable(channel.messages.get(number(asked.id("message"), "message_id")))
                .orElseThrow(() -> ApiError.unknown(10008, "Message"));
    }

    private MessageShape shape(Asked asked) {
        return new MessageShape(world, asked.bot(), asked.bot().mayReadContent());
    }

    private Reply history(Asked asked) {
        Channel channel = visible(asked);
        Map<String, String> query = asked.request().queryFields();
        long limit = number(query.getOrDefault("limit", "50"), "limit");
        if (limit < 1 || limit > PAGE_MAX) {
            throw ApiError.invalid("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.");
        }
        NavigableMap<Long, Message> all = channel.messages;
        List<Message> found;
        if (query.containsKey("after")) {
            var later = all.tailMap(number(query.getOrDefault("after", ""), "after"), false);
            found = later.values().stream().limit(limit).toList().reversed();
        } else if (query.containsKey("around")) {
            long middle = number(query.getOrDefault("around", ""), "around");
            var near = new ArrayList<>(all.tailMap(middle, true).values().stream()
                    .limit(limit / 2 + 1)
                    .toList()
                    .reversed());
            all.headMap(middle, false).descendingMap().values().stream()
                    .limit(limit - near.size())
                    .forEach(near::add);
            found = near;
        } else {
            var earlier = query.containsKey("before")
                    ? all.headMap(number(query.getOrDefault("before", ""), "before"), false)
                    : all;
            found = earlier.descendingMap().values().stream().limit(limit).toList();
        }
        ArrayNode page = Json.array();
        found.forEach(each -> page.add(shape(asked).of(channel, each)));
        return Reply.ok(page);
    }

    private Reply one(Asked asked) {
        Channel channel = visible(asked);
        return Reply.ok(shape(asked).of(channel, message(channel, asked)));
    }

    private Reply send(Asked asked) {
        Channel channel = writable(asked);
        ObjectNode body = asked.body();
        Said said = replying(channel, body, MessageForm.read(body, asked.files()));
        User self = asked.bot().user();
        Optional<Message> before = body.path("enforce_nonce").asBoolean()
                ? said.nonce().flatMap(nonce -> world.speech().sentWith(self, nonce))
                : Optional.empty();
        Message message = before.orElseGet(() -> world.speech().say(channel, self, said, world.nextId()));
        return Reply.ok(shape(asked).created(world.channel(message.channelId()), message));
    }

    private static Said replying(Channel channel, ObjectNode body, Said said) {
        JsonNode reference = body.path("message_reference");
        if (!reference.hasNonNull("message_id")) {
            return said;
        }
        String id = reference.path("message_id").asText();
        if (channel.messages.containsKey(number(id, "message_reference"))) {
            return said.replyingTo(Optional.of(id));
        }
        if (reference.path("fail_if_not_exists").asBoolean(true)) {
            throw ApiError.invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message");
        }
        return said;
    }

    private Reply edit(Asked asked) {
        Channel channel = visible(asked);
        Message message = message(channel, asked);
        if (message.author() != asked.bot().user()) {
            throw new ApiError(403, 50005, "Cannot edit a message authored by another user");
        }
        ObjectNode body = asked.body();
        Said changed = MessageForm.change(message.said(), body, asked.files());
        List<Attachment> kept = kept(message, body);
        if (changed.isEmpty() && kept.isEmpty()) {
            throw new ApiError(400, 50006, "Cannot send an empty message");
        }
        return Reply.ok(shape(asked).of(channel, world.speech().edit(message, before -> changed, kept)));
    }

    /** Files stay unless the body lists those that shall. */
    private static List<Attachment> kept(Message message, ObjectNode body) {
        if (!body.path("attachments").isArray()) {
            return message.attachments();
        }
        Set<String> ids = new HashSet<>();
        body.path("attachments").forEach(each -> ids.add(each.path("id").asText()));
        return message.attachments().stream()
                .filter(each -> ids.contains(each.id()))
                .toList();
    }

    private Reply delete(Asked asked) {
        Channel channel = visible(asked);
        Message message = message(channel, asked);
        if (message.author() != asked.bot().user()) {
            throw channel.kind() == Channel.Kind.DIRECT
                    ? new ApiError(403, 50003, "Cannot execute action on a DM channel")
                    : ApiError.missingPermissions();
        }
        world.speech().delete(message);
        return Reply.none();
    }

    private Reply react(Asked asked, boolean add) {
        Channel channel = visible(asked);
        String emoji = asked.id("emoji");
        if (emoji.isBlank() || emoji.chars().allMatch(each -> each < 128 && each != ':' && !Character.isDigit(each))) {
            throw new ApiError(400, 10014, "Unknown Emoji");
        }
        world.speech().react(message(channel, asked), asked.bot().user(), emoji, add);
        return Reply.none();
    }

    private Reply type(Asked asked) {
        world.speech().type(writable(asked), asked.bot().user());
        return Reply.none();
    }

    private Reply openDirect(Asked asked) {
        User person = world.users.get(asked.body().path("recipient_id").asText());
        if (person == null) {
            throw new ApiError(400, 50033, "Invalid Recipient(s)");
        }
        if (person.isBot()) {
            throw new ApiError(400, 50007, "Cannot send messages to this user");
        }
        return Reply.ok(Shapes.channel(world.direct(asked.bot(), person)));
    }

    private static long number(String text, String field) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notOne) {
            throw ApiError.invalid(field, "NUMBER_TYPE_COERCE", "Value \"" + text + "\" is not snowflake.");
        }
    }
}
