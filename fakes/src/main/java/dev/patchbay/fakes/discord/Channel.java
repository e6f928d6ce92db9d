package dev.patchbay.fakes.discord;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A text channel, thread, forum or direct channel. Safe for use by many threads. */
public final class Channel {
    /** The kinds that exist here. */
    public enum Kind {
        TEXT(0),
        DIRECT(1),
        THREAD(11),
        FORUM(15);

        final int type;

        Kind(int type) {
            this.type = type;
        }
    }

    private final World world;
    private final String id;
    private final Kind kind;
    private final String name;
    private final Home home;

    // All below under the world's lock.
    final NavigableMap<Long, Message> messages = new TreeMap<>();
    private int typings;
    private boolean forbidden;

    /** Where a channel is: in a guild, under another channel, or between a bot and a person. */
    sealed interface Home {
        record InGuild(Guild guild) implements Home {}

        record Under(Channel parent, User owner) implements Home {}

        record Between(Bot bot, User person) implements Home {}
    }

    Channel(World world, String id, Kind kind, String name, Home home) {
        this.world = world;
        this.id = id;
        this.kind = kind;
        this.name = name;
        this.home = home;
    }

    public String id() {
        return id;
    }

    public Kind kind() {
        return kind;
    }

    public String name() {
        return name;
    }

    /** Empty for a direct channel. */
    public Optional<Guild> guild() {
        return switch (home) {
            case Home.InGuild(Guild guild) -> Optional.of(guild);
            case Home.Under(Channel parent, var _) -> parent.guild();
            case Home.Between _ -> Optional.empty();
        };
    }

    /** The channel a thread belongs to. */
    public Optional<Channel> parent() {
        return home instanceof Home.Under(Channel parent, var _) ? Optional.of(parent) : Optional.empty();
    }

    /** What it holds now, the oldest first; deleted messages are not in it. */
    public List<Message> messages() {
        return world.read(() -> List.copyOf(messages.values()));
    }

    /** What it holds now of one author, the oldest first. */
    public List<Message> messagesOf(User author) {
        return messages().stream().filter(each -> each.author() == author).toList();
    }

    public Optional<Message> message(String messageId) {
        return world.read(() -> Optional.ofNullable(messages.get(Long.valueOf(messageId))));
    }

    /** How often a bot has said that it types. */
    public int typings() {
        return world.read(() -> typings);
    }

    /** Whether bots may write here; if not they get 403, code 50013. */
    public void permitSending(boolean permitted) {
        world.change(() -> forbidden = !permitted);
    }

    /** Takes the channel away: bots are told, and get 404, code 10003, from then on. */
    public void delete() {
        world.change(() -> world.remove(this));
    }

    Home home() {
        return home;
    }

    boolean isForbidden() {
        return forbidden;
    }

    void countTyping() {
        typings++;
    }

    /** Whether a bot can see it at all. */
    boolean isSeenBy(Bot bot) {
        return switch (home) {
            case Home.Between(Bot one, var _) -> one.equals(bot);
            case Home.InGuild(Guild guild) -> guild.members.containsKey(bot.id());
            case Home.Under(Channel parent, var _) -> parent.isSeenBy(bot);
        };
    }

    @Override
    public String toString() {
        return kind + " " + name + " (" + id + ")";
    }
}
