package dev.patchbay.fakes.discord;

import java.util.Map;

/** Somebody on the platform, a person or a bot, and what they can do there. Safe for use by many threads. */
public final class User {
    private final World world;
    private final String id;
    private final String name;
    private final boolean isBot;
    private volatile boolean refusesDms;

    User(World world, String id, String name, boolean isBot) {
        this.world = world;
        this.id = id;
        this.name = name;
        this.isBot = isBot;
    }

    public String id() {
        return id;
    }

    public String name() {
        return name;
    }

    public boolean isBot() {
        return isBot;
    }

    /** How a text mentions them. */
    public String mention() {
        return "<@" + id + ">";
    }

    /** From now on nobody can send them a direct message: 403, code 50007. */
    public void refuseDms() {
        refusesDms = true;
    }

    boolean refusesDms() {
        return refusesDms;
    }

    public Message says(Channel channel, String text) {
        return says(channel, Said.text(text));
    }

    public Message says(Channel channel, Said what) {
        return world.locked(() -> world.speech().say(channel, this, what, world.nextId()));
    }

    /**
     * Says something under an id of the caller's choice. An id that the channel already holds stores nothing, but the bots are
     * told of the message once more.
     *
     * @param id a number in decimal; later messages have larger ones
     */
    public Message says(Channel channel, Said what, String id) {
        return world.locked(() -> world.speech().say(channel, this, what, id));
    }

    /** Starts a post in a forum: a thread with its first message. */
    public Channel posts(Channel forum, String title, String text) {
        return world.locked(() -> {
            Channel thread = world.openThread(forum, title, this, world.nextId());
            world.speech().say(thread, this, Said.text(text), thread.id());
            return thread;
        });
    }

    public Message edits(Message message, String text) {
        return world.locked(() -> world.speech().edit(message, now -> now.withContent(text)));
    }

    public void deletes(Message message) {
        world.change(() -> world.speech().delete(message));
    }

    /** @param emoji the character, or {@code name:id} of a guild's own */
    public void reacts(Message message, String emoji) {
        world.change(() -> world.speech().react(message, this, emoji, true));
    }

    public void takesBack(Message message, String emoji) {
        world.change(() -> world.speech().react(message, this, emoji, false));
    }

    public void types(Channel channel) {
        world.change(() -> world.speech().type(channel, this));
    }

    /**
     * Presses a button.
     *
     * @throws IllegalStateException if the message as it stands has no such button, or it is disabled
     */
    public Interaction presses(Message message, String customId) {
        return world.locked(() -> world.interactions().press(message, this, customId));
    }

    /**
     * Uses a slash command that the bot has registered, in the guild or everywhere.
     *
     * @param options name to value: text, number or boolean
     * @throws IllegalStateException if the channel offers no such command
     */
    public Interaction uses(Channel channel, Bot bot, String command, Map<String, Object> options) {
        return world.locked(() -> world.interactions().use(channel, bot, this, command, options));
    }

    @Override
    public String toString() {
        return name + " (" + id + ")";
    }
}
