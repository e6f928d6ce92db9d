package dev.patchbay.fakes.discord;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A pressed button or a used command, and how the bot has answered it. Safe for use by many threads. */
public final class Interaction {
    static final int COMMAND = 2;
    static final int COMPONENT = 3;
    static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);
    static final Duration TOKEN_LASTS = Duration.ofMinutes(15);

    private final World world;
    private final String id;
    private final Bot bot;
    private final User user;
    private final Channel channel;
    private final int type;
    private final ObjectNode data;
    private final Optional<Message> pressed;
    private final Instant at;

    // Under the world's lock.
    private int callback;
    private Optional<JsonNode> modal = Optional.empty();
    private Optional<String> original = Optional.empty();
    private final Map<String, Message> hidden = new LinkedHashMap<>();
    private final Map<String, String> shown = new LinkedHashMap<>();

    Interaction(
            World world, Bot bot, User user, Channel channel, int type, ObjectNode data, Optional<Message> pressed) {
        this.world = world;
        this.id = world.nextId();
        this.bot = bot;
        this.user = user;
        this.channel = channel;
        this.type = type;
        this.data = data;
        this.pressed = pressed;
        this.at = world.now();
    }

    public String id() {
        return id;
    }

    /** What the bot proves itself with when it answers. */
    public String token() {
        return "interaction-" + id;
    }

    /** Which type of callback the bot has answered with (4 message, 5 thinking, 6 seen, 7 update, …); empty if it has not yet. */
    public OptionalInt callback() {
        return world.read(() -> callback == 0 ? OptionalInt.empty() : OptionalInt.of(callback));
    }

    /** What the bot has said to it as it stands, also what only the user sees. */
    public List<Message> responses() {
        return world.read(() -> {
            var all = new LinkedHashMap<Long, Message>();
            hidden.forEach((key, message) -> all.put(Long.valueOf(key), message));
            shown.forEach((key, in) -> Optional.ofNullable(channel.messages.get(Long.valueOf(key)))
                    .ifPresent(message -> all.put(Long.valueOf(key), message)));
            return all.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(Map.Entry::getValue)
                    .toList();
        });
    }

    /** The modal that the bot has opened. */
    public Optional<JsonNode> modal() {
        return world.read(() -> modal);
    }

    Bot bot() {
        return bot;
    }

    User user() {
        return user;
    }

    Channel channel() {
        return channel;
    }

    int type() {
        return type;
    }

    ObjectNode data() {
        return data;
    }

    Optional<Message> pressed() {
        return pressed;
    }

    /** Where the application is installed: the guild, or 0 in a direct channel. */
    String ownerId() {
        return channel.guild().map(Guild::id).orElse("0");
    }

    boolean isOpen() {
        return world.now().isBefore(at.plus(callback == 0 ? ANSWER_WITHIN : TOKEN_LASTS));
    }

    boolean isAnswered() {
        return callback != 0;
    }

    void answered(int how) {
        callback = how;
    }

    void opened(JsonNode theModal) {
        modal = Optional.of(theModal);
    }

    /** The id that {@code @original} stands for. */
    Optional<String> original() {
        return original;
    }

    void original(String messageId) {
        original = Optional.of(messageId);
    }

    /** Says something in the bot's name, for all or for the user's eyes only. */
    Message respond(Said what) {
        String messageId = world.nextId();
        if (what.isEphemeral()) {
            Message made = world.speech().make(channel, bot.user(), what, messageId, Optional.of(id));
            hidden.put(messageId, made);
            return made;
        }
        shown.put(messageId, channel.id());
        return world.speech().say(channel, bot.user(), what, messageId, Optional.of(id));
    }

    Optional<Message> response(String messageId) {
        return Optional.ofNullable(hidden.get(messageId)).or(() -> Optional.ofNullable(shown.get(messageId))
                .or(() -> pressed.map(Message::id).filter(messageId::equals))
                .flatMap(any -> Optional.ofNullable(channel.messages.get(Long.valueOf(messageId)))));
    }

    Message revise(Message message, Said now) {
        if (hidden.containsKey(message.id())) {
            Message edited = message.edited(now, message.attachments(), world.now());
            hidden.put(message.id(), edited);
            return edited;
        }
        return world.speech().edit(message, before -> now);
    }

    void take(Message message) {
        if (hidden.remove(message.id()) == null) {
            world.speech().delete(message);
        }
    }
}
