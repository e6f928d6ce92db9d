package dev.patchbay.fakes.discord;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Messages come, change and go, and the bots that see the channel are told. Under the world's lock. */
final class Speech {
    /** What the documentation calls "the past few minutes". */
    static final Duration NONCE_WINDOW = Duration.ofMinutes(5);

    private static final int CHANNEL_MESSAGES_MAX = 100_000;

    private final World world;
    private final Deque<Sent> recent = new ArrayDeque<>();

    private record Sent(User author, String nonce, Channel channel, String id, Instant at) {}

    Speech(World world) {
        this.world = world;
    }

    Message say(Channel channel, User author, Said what, String id) {
        return say(channel, author, what, id, Optional.empty());
    }

    Message say(Channel channel, User author, Said what, String id, Optional<String> interaction) {
        Message known = channel.messages.get(Long.valueOf(id));
        Message message = known == null ? make(channel, author, what, id, interaction) : known;
        if (known == null) {
            channel.messages.put(Long.valueOf(id), message);
            if (channel.messages.size() > CHANNEL_MESSAGES_MAX) {
                channel.messages.pollFirstEntry();
            }
            what.nonce().ifPresent(nonce -> recent.addLast(new Sent(author, nonce, channel, id, message.arrivedAt())));
        }
        tell("MESSAGE_CREATE", channel, message);
        return message;
    }

    /** A message that no channel holds, for one person's eyes only. */
    Message make(Channel channel, User author, Said what, String id, Optional<String> interaction) {
        List<Attachment> files =
                what.uploads().stream().map(each -> world.attach(channel, each)).toList();
        var first = new Message.Version(what.content(), world.now());
        return new Message(id, channel.id(), author, what, files, List.of(first), Map.of(), interaction);
    }

    /** The message that this author has sent with this nonce in the past few minutes, in whatever channel. */
    Optional<Message> sentWith(User author, String nonce) {
        Instant oldest = world.now().minus(NONCE_WINDOW);
        while (!recent.isEmpty() && recent.getFirst().at().isBefore(oldest)) {
            recent.removeFirst();
        }
        return recent.stream()
                .filter(each -> each.author() == author && each.nonce().equals(nonce))
                .flatMap(each -> Stream.ofNullable(each.channel().messages.get(Long.valueOf(each.id()))))
                .findFirst();
    }

    Message edit(Message message, UnaryOperator<Said> change) {
        return edit(message, change, current(message).attachments());
    }

    Message edit(Message message, UnaryOperator<Said> change, List<Attachment> kept) {
        Channel channel = world.channel(message.channelId());
        Message now = current(message);
        Said said = change.apply(now.said());
        var files = new ArrayList<>(kept);
        said.uploads().forEach(each -> files.add(world.attach(channel, each)));
        Message edited = now.edited(said.with(List.of()), files, world.now());
        channel.messages.put(Long.valueOf(message.id()), edited);
        tell("MESSAGE_UPDATE", channel, edited);
        return edited;
    }

    void delete(Message message) {
        Channel channel = world.channel(message.channelId());
        if (channel.messages.remove(Long.valueOf(message.id())) != null) {
            tellOf(
                    channel,
                    "MESSAGE_DELETE",
                    session -> withGuild(
                            channel, Json.object().put("id", message.id()).put("channel_id", channel.id())));
        }
    }

    void react(Message message, User who, String emoji, boolean add) {
        Channel channel = world.channel(message.channelId());
        Message now = current(message);
        Map<String, List<String>> all = new LinkedHashMap<>(now.reactions());
        List<String> those = new ArrayList<>(all.getOrDefault(emoji, List.of()));
        if (add == those.contains(who.id())) {
            return;
        }
        if (add) {
            those.add(who.id());
        } else {
            those.remove(who.id());
        }
        all.put(emoji, List.copyOf(those));
        all.values().removeIf(List::isEmpty);
        Message reacted = now.reacted(all);
        channel.messages.put(Long.valueOf(message.id()), reacted);
        long intent = channel.guild().isPresent() ? Intents.GUILD_MESSAGE_REACTIONS : Intents.DIRECT_MESSAGE_REACTIONS;
        String type = add ? "MESSAGE_REACTION_ADD" : "MESSAGE_REACTION_REMOVE";
        world.tell(new Event(type, intent, new Event.Where.In(channel), session -> {
            ObjectNode data = withGuild(
                    channel,
                    Json.object()
                            .put("user_id", who.id())
                            .put("channel_id", channel.id())
                            .put("message_id", message.id())
                            .put("message_author_id", message.author().id())
                            .put("burst", false)
                            .put("type", 0));
            data.set("emoji", MessageShape.emoji(emoji));
            memberOf(channel, who).ifPresent(member -> data.set("member", Shapes.member(member, true)));
            return data;
        }));
    }

    void type(Channel channel, User who) {
        channel.countTyping();
        long intent = channel.guild().isPresent() ? Intents.GUILD_MESSAGE_TYPING : Intents.DIRECT_MESSAGE_TYPING;
        world.tell(new Event("TYPING_START", intent, new Event.Where.In(channel), session -> {
            ObjectNode data = withGuild(
                    channel,
                    Json.object()
                            .put("channel_id", channel.id())
                            .put("user_id", who.id())
                            .put("timestamp", world.now().getEpochSecond()));
            memberOf(channel, who).ifPresent(member -> data.set("member", Shapes.member(member, true)));
            return data;
        }));
    }

    /** The message as it stands; the one given may be an earlier state. */
    Message current(Message message) {
        Message now = world.channel(message.channelId()).messages.get(Long.valueOf(message.id()));
        if (now == null) {
            throw ApiError.unknown(10008, "Message");
        }
        return now;
    }

    private static Optional<Guild.Member> memberOf(Channel channel, User who) {
        return channel.guild().map(guild -> guild.member(who));
    }

    private void tell(String type, Channel channel, Message message) {
        tellOf(channel, type, session -> new MessageShape(world, session.bot, session.mayReadContent())
                .told(channel, message));
    }

    private void tellOf(Channel channel, String type, Function<GatewaySession, ObjectNode> data) {
        long intent = channel.guild().isPresent() ? Intents.GUILD_MESSAGES : Intents.DIRECT_MESSAGES;
        world.tell(new Event(type, intent, new Event.Where.In(channel), data));
    }

    private static ObjectNode withGuild(Channel channel, ObjectNode data) {
        channel.guild().ifPresent(guild -> data.put("guild_id", guild.id()));
        return data;
    }
}
